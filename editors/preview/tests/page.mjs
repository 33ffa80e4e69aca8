// The page in a browser of its own, against `wtop preview`: shows, follows, edits. SCREENS=FOLDER keeps pictures of it.
// Needs WTOP (the program) and CHROMIUM.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const LAB = `topology office

network lan { subnet = 10.0.0.0/24 }
node core: vsrx { tags = ["core"] }
node h1: debian
node h2: debian
node h3: debian
link h1 <-> core:ge-0/0/0
link h2 <-> core:ge-0/0/1
link core:ge-0/0/2 <-> lan
link h3 <-> lan

check reachable(h1, h2)
`;

const folder = mkdtempSync(join(tmpdir(), "wtop-page-"));
const file = join(folder, "office.wtop");
writeFileSync(file, LAB);
const server = spawn(process.env.WTOP, ["preview", file, "--no-open"], { stdio: ["ignore", "pipe", "inherit"] });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
let [passed, failed] = [0, 0];

function check(name, holds, found) {
  if (holds) passed += 1;
  else {
    failed += 1;
    console.log(`FAILED ${name}: ${JSON.stringify(found)}`);
  }
}

/** Waits until something is so, for at most ten seconds. */
async function until(is) {
  for (let turn = 0; turn < 200; turn += 1) {
    if (await is()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

const text = () => readFileSync(file, "utf8");
const picture = async (page, name) => { if (process.env.SCREENS) await page.screenshot({ path: join(process.env.SCREENS, `${name}.png`) }); };

try {
  const address = await new Promise((resolve, reject) => {
    server.stdout.once("data", (bytes) => { resolve(String(bytes).trim()); });
    server.once("exit", () => { reject(new Error("the server ended")); });
  });
  const page = await browser.newPage({ viewport: { width: 1100, height: 750 }, colorScheme: "light" });
  page.setDefaultTimeout(10_000);
  const errors = [];
  page.on("console", (message) => { if (message.type() === "error") errors.push(message.text()); });
  page.on("pageerror", (error) => { errors.push(String(error)); });
  await page.goto(address);
  const node = (id) => page.locator(`[data-layer=nodes][data-id="${id}"]`);
  const middle = async (id) => {
    const box = await node(id).boundingBox();
    return [box.x + box.width / 2, box.y + box.height / 2 - 8];
  };
  await node("h1").waitFor();
  check("all nodes and the network are there", (await page.locator("[data-layer=nodes]").count()) === 5);
  check("it has a name for screen readers", (await page.locator("svg.wtop").getAttribute("aria-label")).includes("office: 5 nodes"));
  await picture(page, "light");

  const before = await node("h1").boundingBox();
  writeFileSync(file, text().replace("node h3", "node h4: debian\nnode h3"));
  check("a node that was written appears", await until(() => node("h4").count()));
  const after = await node("h1").boundingBox();
  check("and nothing else moves", Math.abs(before.x - after.x) + Math.abs(before.y - after.y) < 1, [before, after]);
  const good = text();
  writeFileSync(file, good.replace("link h1 <->", "link h1 <-> ("));
  check("broken text keeps the picture and says so", await until(async () => (await page.locator("#banner").isVisible()) && (await node("h1").count()) === 1));
  writeFileSync(file, good);
  check("mended text takes that back", await until(() => page.locator("#banner").isHidden()));

  const [[x1, y1], [x2, y2]] = [await middle("h4"), await middle("core")];
  await page.mouse.move(x1, y1);
  await page.mouse.down();
  await page.mouse.move((x1 + x2) / 2, (y1 + y2) / 2, { steps: 4 });
  await page.mouse.move(x2, y2, { steps: 4 });
  await page.mouse.up();
  await page.locator("dialog").waitFor();
  const offered = await page.locator("dialog select[name=core] option").allInnerTexts();
  check("only free interfaces are offered", offered.includes("ge-0/0/3") && !offered.includes("ge-0/0/0"), offered.slice(0, 5));
  await page.locator("dialog select[name=core]").selectOption("ge-0/0/5");
  await picture(page, "link");
  await page.getByRole("button", { name: "Link", exact: true }).click();
  check("a link that was drawn is in the text", await until(() => text().includes("link h4 <-> core:ge-0/0/5")), text());
  check("and in the picture", await until(() => page.locator('[data-layer=links]').count().then((count) => count === 5)));

  await node("core").focus();
  await page.keyboard.press("o");
  check("what breaks without a node is told", await until(async () => (await page.locator("#what-if").count()) === 1 && (await page.locator("#what-if").innerText()).includes("1 of 1 checks break")));
  await picture(page, "what-if");
  await page.getByRole("button", { name: "Put all back" }).click();

  await page.keyboard.press("Escape");
  await node("h2").focus();
  await page.keyboard.press("Delete");
  await page.locator("dialog").waitFor();
  check("what goes along is listed", (await page.locator("dialog").innerText()).includes("link h2 <-> core"));
  await page.getByRole("button", { name: "Cancel" }).click();

  await node("h1").focus();
  await page.keyboard.press("f");
  await page.locator("#panel input[name=memory]").fill("3GiB");
  await page.keyboard.press("Enter");
  check("an attribute of the form is in the text", await until(() => text().includes("node h1: debian { memory = 3GiB }")), text());
  await page.keyboard.press("Escape");
  await node("h1").focus();
  await page.keyboard.press("b");
  check("what is built is shown", await until(async () => (await page.locator("#panel pre").allInnerTexts()).some((part) => part.includes("<domain"))));
  await picture(page, "built");
  await page.keyboard.press("Escape");

  await node("h1").focus();
  await page.keyboard.press("l");
  await node("h3").focus();
  await page.keyboard.press("Enter");
  await page.locator("dialog").waitFor();
  await page.getByRole("button", { name: "Link", exact: true }).click();
  check("a link is made by keyboard alone", await until(() => text().includes("link h1 <-> h3")), text());

  await page.locator("#search").fill("h4");
  check("search chooses", await until(() => node("h4").evaluate((element) => element.classList.contains("chosen"))));
  await page.locator("#tag").selectOption("core");
  check("a tag dims the rest", await node("h4").evaluate((element) => element.classList.contains("dim")));
  await page.locator("#tag").selectOption("");

  await page.keyboard.press("Escape");
  const moved = await middle("h4");
  await page.keyboard.down("Shift");
  await page.mouse.move(...moved);
  await page.mouse.down();
  await page.mouse.move(moved[0] + 60, moved[1] + 50, { steps: 5 });
  await page.mouse.up();
  await page.keyboard.up("Shift");
  const positions = file.replace(".wtop", ".positions.json");
  check("a place by hand is kept beside the lab", await until(() => { try { return readFileSync(positions, "utf8").includes("h4"); } catch { return false; } }));

  await page.evaluate(() => { document.activeElement.blur(); });
  await page.keyboard.press("Escape");
  await page.keyboard.press("t");
  check("it can be dark", await until(() => page.evaluate(() => document.documentElement.dataset.theme === "dark")));
  await picture(page, "dark");
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#format").selectOption("svg")]);
  const saved = readFileSync(await download.path(), "utf8");
  check("a picture is saved", saved.startsWith("<svg") && saved.includes("h4"), saved.slice(0, 80));
  check("nothing is wrong in the browser", errors.length === 0, errors);
} finally {
  await browser.close();
  server.kill();
  rmSync(folder, { recursive: true });
}
console.log(`Page: ${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
