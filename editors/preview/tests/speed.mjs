// From a text that changes to a page that shows it, as a user sees it: 40 changes of labs of 200 and of 1,000 nodes.
// Measures from the answer to the edit in the page (a wish that changes the text) to the frame after the patch.
// Needs WTOP (the program) and CHROMIUM.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

/** A lab of switches with nine hosts each. */
function lab(nodes) {
  const lines = ["topology speed"];
  for (let rack = 0; rack < nodes / 10; rack += 1) {
    lines.push(`node s${rack}: generic { icon = switch }`);
    if (rack > 0) lines.push(`link s${rack} <-> s${Math.floor((rack - 1) / 3)}`);
    for (let host = 0; host < 9; host += 1) lines.push(`node h${rack}-${host}: debian`, `link h${rack}-${host} <-> s${rack}`);
  }
  return `${lines.join("\n")}\n`;
}

const share = (times, of) => times.sort((a, b) => a - b)[Math.min(Math.floor(times.length * of), times.length - 1)].toFixed(0);
const folder = mkdtempSync(join(tmpdir(), "wtop-speed-"));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
for (const nodes of [200, 1000]) {
  const file = join(folder, `lab${nodes}.wtop`);
  writeFileSync(file, lab(nodes));
  const server = spawn(process.env.WTOP, ["preview", file, "--no-open"], { stdio: ["ignore", "pipe", "inherit"] });
  const address = await new Promise((resolve) => { server.stdout.once("data", (bytes) => { resolve(String(bytes).trim()); }); });
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
  const begin = performance.now();
  await page.goto(address);
  await page.locator("[data-layer=nodes]").first().waitFor({ timeout: 60_000 });
  const first = performance.now() - begin;
  const times = await page.evaluate(async () => {
    const uri = new URLSearchParams(window.location.search).get("lab");
    const socket = new WebSocket(`${window.location.href.replace("http", "ws").split("?")[0]}socket`);
    await new Promise((resolve) => { socket.onopen = resolve; });
    const took = [];
    for (let turn = 0; turn < 40; turn += 1) {
      const painted = new Promise((resolve) => {
        new MutationObserver((_, observer) => { observer.disconnect(); requestAnimationFrame(() => { resolve(performance.now()); }); }).observe(document.body, { attributes: true, attributeFilter: ["data-revision"] });
      });
      const applied = new Promise((resolve) => { socket.onmessage = (event) => { if (JSON.parse(event.data).id === turn) resolve(performance.now()); }; });
      const sent = performance.now();
      socket.send(JSON.stringify({ id: turn, method: "wtop/edit", params: { textDocument: { uri }, wish: { kind: "set", id: "h1-1", attribute: "label", value: `"turn ${turn}"` } } }));
      const inText = (await applied) - sent;
      took.push({ inText, shown: (await painted) - sent });
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
    return took;
  });
  const shown = times.map((time) => time.shown);
  const inText = times.map((time) => time.inText);
  console.log(`${nodes} nodes: first picture ${first.toFixed(0)} ms; wish to text ${share(inText, 0.5)}, ${share(inText, 0.95)} ms; wish to repainted ${share(shown, 0.5)}, ${share(shown, 0.95)} ms (median, 95th)`);
  await page.close();
  server.kill();
}
await browser.close();
rmSync(folder, { recursive: true });
