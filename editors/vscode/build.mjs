// Bundles the extension, and puts beside it what it shares with other editors: the grammar and the preview page.
import { build } from "esbuild";
import { copyFileSync, mkdirSync } from "node:fs";

mkdirSync("media", { recursive: true });
for (const file of ["../../grammar/wtop.tmLanguage.json", "../../grammar/language-configuration.json", "../preview/dist/preview.js", "../preview/dist/preview.css"]) {
  copyFileSync(file, `media/${file.split("/").at(-1)}`);
}
const shared = { bundle: true, external: ["vscode"], format: "cjs", target: "es2022", minify: true };
await build({ ...shared, entryPoints: ["src/extension.ts"], outfile: "dist/extension.js", platform: "node" });
await build({ ...shared, entryPoints: ["src/web.ts"], outfile: "dist/web.js", platform: "browser" });
