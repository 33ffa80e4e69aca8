import { defineConfig } from "vite";

// Two files with fixed names: the hosts of the page (the server, the VS Code extension) write the HTML around them.
export default defineConfig({
  build: {
    target: "es2022",
    cssCodeSplit: false,
    lib: { entry: "src/main.ts", formats: ["es"], fileName: () => "preview.js", cssFileName: "preview" },
  },
});
