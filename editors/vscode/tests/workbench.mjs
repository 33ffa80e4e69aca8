// The extension in a real VS Code workbench in a browser, with the real language server. SCREENS=FOLDER keeps pictures.
// Needs WTOP (the program), CHROMIUM, NODE and CODE_SERVER (a node and code-server's entry), VSIX (the extension).
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { chromium } from "playwright-core";

const LAB = `use "./lib.wtop".{edge}

topology office

node h1: edge
node h2:   debian
node r: frr
link h1 <-> r
link h2 <-> r

check reachable(h1, h2)
`;
const LIB = "pub device edge extends debian { memory = 1GiB }\n";
const SETTINGS = {
  "security.workspace.trust.enabled": false, "workbench.startupEditor": "none", "telemetry.telemetryLevel": "off",
  "extensions.autoCheckUpdates": false, "update.mode": "none", "remote.autoForwardPorts": false, "chat.disableAIFeatures": true,
  "workbench.secondarySideBar.defaultVisibility": "hidden", "editor.wordBasedSuggestions": "off", "editor.minimap.enabled": false,
  "wtop.path": process.env.WTOP, "files.autoSave": "off", "editor.hover.delay": 100,
};

const work = mkdtempSync(join(tmpdir(), "wtop-code-"));
let [passed, failed] = [0, 0];

function check(name, holds, found) {
  if (holds) passed += 1;
  else {
    failed += 1;
    console.log(`FAILED ${name}: ${JSON.stringify(found)}`);
  }
}

const rest = (time) => new Promise((resolve) => { setTimeout(resolve, time); });

async function until(is, turns = 300) {
  for (let turn = 0; turn < turns; turn += 1) {
    if (await is()) return true;
    await rest(50);
  }
  return false;
}

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => { resolve(port); });
  });
});

for (const part of ["home", "data/User", "extensions", "lab", "profile"]) mkdirSync(join(work, part), { recursive: true });
writeFileSync(join(work, "lab/office.wtop"), LAB);
writeFileSync(join(work, "lab/lib.wtop"), LIB);
writeFileSync(join(work, "data/User/settings.json"), JSON.stringify(SETTINGS));
const { NODE, CODE_SERVER, VSIX, SCREENS } = process.env;
const env = { ...process.env, HOME: join(work, "home"), PATH: dirname(NODE) + delimiter + process.env.PATH };
const base = [CODE_SERVER, "--user-data-dir", join(work, "data"), "--extensions-dir", join(work, "extensions")];
const installed = spawnSync(NODE, [...base, "--install-extension", VSIX, "--force"], { env, encoding: "utf8" });
check("the .vsix is installed", installed.stdout.includes("successfully installed"), installed.stdout + installed.stderr);
const port = await freePort();
const log = openSync(join(work, "log"), "w");
const server = spawn(NODE, [...base, "--bind-addr", `127.0.0.1:${port}`, "--auth", "none", "--disable-telemetry", "--disable-update-check", "--disable-workspace-trust", "--disable-getting-started-override", join(work, "lab")], { env, stdio: ["ignore", log, log] });

let browser;
let page;
const picture = async (name) => { if (SCREENS) await page.screenshot({ path: join(SCREENS, `code-${name}.png`) }); };
const command = async (name) => {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget input").first().waitFor();
  await page.keyboard.type(name);
  await rest(600);
  await page.keyboard.press("Enter");
};
/** The text of the editor, read from its lines on the screen. */
const text = async () => (await page.locator(".editor-instance .view-line").evaluateAll((lines) => lines
  .sort((a, b) => parseFloat(a.style.top) - parseFloat(b.style.top)).map((line) => line.textContent).join("\n"))).replaceAll("\u00a0", " ");
const line = async (number, column = "End") => {
  await page.locator(".editor-instance .view-lines").first().click({ position: { x: 300, y: 5 } });
  await page.keyboard.press("Control+Home");
  for (let turn = 1; turn < number; turn += 1) await page.keyboard.press("ArrowDown");
  await page.keyboard.press(column);
};

try {
  await until(() => new Promise((resolve) => { get(`http://127.0.0.1:${port}/healthz`, (answer) => { resolve(answer.statusCode === 200); }).on("error", () => { resolve(false); }); }));
  browser = await chromium.launchPersistentContext(join(work, "profile"), { executablePath: process.env.CHROMIUM, viewport: { width: 1400, height: 860 }, args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
  page = browser.pages()[0];
  page.setDefaultTimeout(15_000);
  await page.goto(`http://127.0.0.1:${port}/?folder=${join(work, "lab")}`, { waitUntil: "domcontentloaded", timeout: 90_000 });
  await page.locator(".explorer-folders-view .monaco-list-row").first().waitFor({ timeout: 90_000 });
  await page.locator(".monaco-list-row", { hasText: "office.wtop" }).first().dblclick();
  await page.locator(".editor-instance .view-line").first().waitFor();
  check("hints show what was chosen: the server answers", await until(async () => (await text()).includes("eth1")), await text());
  await page.keyboard.press("Control+b");

  await line(6);
  await page.keyboard.press("Shift+Home");
  await page.keyboard.type("node h2: debiam");
  check("a mistake is underlined", await until(async () => (await page.locator(".squiggly-error").count()) > 0));
  await picture("squiggle");
  await page.keyboard.press("Escape");
  await rest(500);
  await page.keyboard.press("Control+.");
  const menu = page.locator(".action-widget");
  check("its fix is offered", await until(async () => (await menu.innerText().catch(() => "")).includes("debian"), 100), await menu.allInnerTexts());
  await picture("fix");
  await page.keyboard.press("Enter");
  check("and made", await until(async () => (await text()).includes("node h2: debian") && (await page.locator(".squiggly-error").count()) === 0), await text());

  await line(9);
  await page.keyboard.press("Enter");
  await page.keyboard.type("node h9: vsr");
  check("completion knows devices", await until(async () => (await page.locator(".suggest-widget").innerText().catch(() => "")).includes("vsrx")));
  await picture("completion");
  await page.keyboard.press("Escape");
  await command("Undo");
  for (let turn = 0; turn < 8 && (await text()).includes("h9"); turn += 1) await page.keyboard.press("Control+z");

  await page.locator(".view-line span", { hasText: /^frr$/ }).first().hover();
  check("hover tells of a device", await until(async () => (await page.locator(".monaco-hover").allInnerTexts()).join().includes("FRR"), 100), await page.locator(".monaco-hover").allInnerTexts());
  await picture("hover");

  await line(6);
  await page.keyboard.press("Shift+Home");
  await page.keyboard.type("node h2:   debian");
  await command("Format Document");
  check("formatting", await until(async () => (await text()).includes("node h2: debian")), await text());

  await line(5);
  await page.keyboard.press("F2");
  await page.locator(".rename-box input, .rename-input").first().waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("border");
  await page.keyboard.press("Enter");
  check("renaming", await until(async () => (await text()).includes("node h1: border") && (await text()).includes("{border}")), await text());
  await page.keyboard.press("Control+Shift+o");
  check("the outline", await until(async () => (await page.locator(".quick-input-list").innerText().catch(() => "")).includes("h2")));
  await page.keyboard.press("Escape");

  await line(5);
  await command("wtop: Open Preview to the Side");
  let frame;
  await until(async () => {
    for (const one of page.frames()) if (await one.locator("[data-layer=nodes]").count().catch(() => 0)) frame = one;
    return frame;
  });
  check("the preview shows the lab", frame && (await frame.locator("[data-layer=nodes]").count()) === 3, page.frames().map((one) => one.url()));
  await rest(800);
  await picture("preview");
  const node = (id) => frame.locator(`[data-layer=nodes][data-id="${id}"]`);
  await line(7);
  check("the cursor lights the node", await until(() => node("r").evaluate((element) => element.classList.contains("lit"))));
  await page.keyboard.press("Enter");
  await page.keyboard.type("node h5: debian");
  await page.keyboard.press("Escape");
  check("the preview follows typing", await until(() => node("h5").count()));

  await node("h2").click();
  check("a click shows the source", await until(async () => (await page.locator(".statusbar-item", { hasText: /Ln \d+/ }).innerText()).includes("Ln 6")), await page.locator(".statusbar-item", { hasText: /Ln \d+/ }).allInnerTexts());
  await node("h2").press("Escape");

  const middle = async (id) => {
    const box = await node(id).boundingBox();
    return [box.x + box.width / 2, box.y + box.height / 2 - 8];
  };
  const [from, to] = [await middle("h5"), await middle("r")];
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, { steps: 5 });
  await page.mouse.move(...to, { steps: 5 });
  await page.mouse.up();
  await frame.locator("dialog").waitFor();
  await frame.getByRole("button", { name: "Link", exact: true }).click();
  check("a link that was drawn is in the text", await until(async () => (await text()).includes("link h5")), await text());
  await rest(500);
  await picture("linked");
  await line(1);
  await page.keyboard.press("Control+z");
  check("and one undo takes it back", await until(async () => !(await text()).includes("link h5")), await text());
  check("also from the picture", await until(async () => (await frame.locator("[data-layer=links]").count()) === 2));
} catch (error) {
  check("no exception", false, String(error));
  if (page) await picture("failed");
} finally {
  await browser?.close();
  server.kill();
  await rest(500);
  rmSync(work, { recursive: true, force: true });
}
console.log(`VS Code: ${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
