// The live preview: the picture of a lab, which follows its text, and edits of the text through it.

import "./preview.css";
import { el, options } from "./dom";
import { dragging, edits } from "./edits";
import { save } from "./export";
import { connect } from "./host";
import { panel } from "./panel";
import { idAt, Shown } from "./picture";
import type { Graph, Problem, Told, WhatIf } from "./types";
import { view } from "./view";

const status = el("output", { id: "status", "aria-live": "polite" });
const banner = el("p", { id: "banner", role: "alert", hidden: true });
const map = el("canvas", { id: "map", "aria-hidden": "true" });
const search = el("input", { type: "search", id: "search", placeholder: "Find (/)", "aria-label": "Find a node, network or link" });
const tag = el("select", { id: "tag", "aria-label": "Only what has this tag" });
const format = el("select", { id: "format", "aria-label": "Save as" }, ...options(["svg", "png", "html"], "Save…"));
const card = el("div", { id: "card", role: "tooltip", hidden: true });

let problems: Problem[] = [];
let chosen: string[] = [];
let out: string[] = [];
let linkFrom: string | undefined;

const say = (text: string): void => { status.textContent = text; };

function followTheme(): void {
  const classes = document.body.classList;
  const inEditor = classes.contains("vscode-dark") || classes.contains("vscode-high-contrast") ? "dark" : classes.contains("vscode-light") || classes.contains("vscode-high-contrast-light") ? "light" : undefined;
  const theme = inEditor ?? localStorage.getItem("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  document.documentElement.dataset["theme"] = theme;
}

async function start(): Promise<void> {
  // One question is on its way at a time; what came meanwhile is asked for after it.
  const asking = { is: false, again: false };
  let again = (): void => undefined;
  const host = connect(told, (is) => {
    banner.hidden = is;
    if (!is) banner.textContent = "The language server does not answer. The picture is the last one.";
    ready?.();
    if (is) again();
  });
  let ready: (() => void) | undefined;
  await new Promise<void>((resolve) => { ready = resolve; });
  const dress = await host.ask<{ style: string; icons: string }>("wtop/dress");
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(dress.style);
  document.adoptedStyleSheets = [sheet];
  const pictureNow = new Shown(dress.icons);
  const edit = edits(host, pictureNow, say);
  const seen = view(pictureNow, map, (event) => idAt(event.target)?.layer === "nodes");
  const side = panel(host, pictureNow, edit, actions);

  function actions(id: string): [string, () => void][] {
    const all: [string, () => void][] = [["Source (Enter)", () => { reveal(id); }], ["Attributes (F)", () => { attempt(side.form(id)); }], ["Built (B)", () => { attempt(side.built(id)); }]];
    if (pictureNow.picture.nodes[id]) all.push(["Link (L)", () => { beginLink(id); }], ["Rename (F2)", () => { void edit.rename(id); }], ["Duplicate (D)", () => { void edit.wish({ kind: "duplicate", id }); }], ["Group (G)", () => { void edit.wish({ kind: "group", ids: chosen }); }]);
    all.push([out.includes(id) ? "Put back (O)" : "What if it failed? (O)", () => { void toggleOut(id); }], ["Delete (Del)", () => { void edit.remove(chosen); }]);
    return all;
  }

  function attempt(work: Promise<void>): void {
    work.catch((error: unknown) => { say(error instanceof Error ? error.message : String(error)); });
  }

  function reveal(id: string): void {
    attempt(host.ask<boolean>("wtop/reveal", { id }).then((is) => { if (!is) say(`There is no editor to show ${id} in.`); }));
  }

  function beginLink(id: string): void {
    linkFrom = id;
    say(`Link ${id} with: choose another and press Enter, or Escape`);
  }

  async function toggleOut(id: string): Promise<void> {
    out = out.includes(id) ? out.filter((other) => other !== id) : [...out, id];
    paint();
    await whatIf();
  }

  async function whatIf(): Promise<void> {
    const answer = out.length > 0 ? await host.ask<WhatIf | null>("wtop/whatIf", { ids: out }) : null;
    const list = document.getElementById("what-if");
    list?.remove();
    if (!answer) return;
    const breaks = answer.broken.map(({ check, why }) => el("li", {}, el("code", {}, check), ` ${why}`));
    const title = answer.broken.length === 0 ? `Without ${out.join(", ")}: all ${answer.checks} checks still hold.` : `Without ${out.join(", ")}: ${answer.broken.length} of ${answer.checks} checks break.`;
    document.body.append(el("section", { id: "what-if", role: "status" }, el("strong", {}, title), el("ul", {}, ...breaks), el("button", { type: "button", onclick: () => { out = []; paint(); void whatIf(); } }, "Put all back")));
    for (const id of answer.broken.flatMap((broken) => broken.path)) pictureNow.piece(id)?.classList.add("broken");
  }

  function choose(id: string | undefined, more = false): void {
    if (id !== undefined && linkFrom !== undefined && linkFrom !== id && pictureNow.picture.nodes[id]) {
      void edit.link(linkFrom, id);
      linkFrom = undefined;
    }
    chosen = id === undefined ? [] : more && !chosen.includes(id) ? [...chosen, id] : [id];
    paint();
    void side.show(id, problems);
  }

  /** Puts marks on pieces: chosen, out of service, with a mistake, not of the tag. */
  function paint(): void {
    const is = (id: string, wrong: boolean): boolean => problems.some((problem) => problem.error === wrong && problem.ids.includes(id));
    const { nodes, links } = pictureNow.picture;
    const wanted = tag.value;
    for (const id of [...Object.keys(nodes), ...Object.keys(links)]) {
      const marks = pictureNow.piece(id)?.classList;
      if (!marks) continue;
      const ends = links[id]?.ends ?? [id];
      marks.toggle("chosen", chosen.includes(id));
      marks.toggle("out", out.includes(id) || ends.some((end) => out.includes(end)));
      marks.toggle("broken", false);
      marks.toggle("wrong", is(id, true));
      marks.toggle("warned", is(id, false));
      marks.toggle("dim", wanted !== "" && !ends.some((end) => nodes[end]?.tags?.includes(wanted)));
    }
  }

  async function refresh(): Promise<void> {
    if (asking.is) {
      asking.again = true;
      return;
    }
    asking.is = true;
    try {
      do {
        asking.again = false;
        const since = pictureNow.revision;
        const graph = await host.ask<Graph | null>("wtop/graph", { form: "drawn", since: since ?? null });
        banner.hidden = graph !== null && !graph.stale;
        banner.textContent = graph ? "The text has mistakes; this is the last picture without them." : "This file makes no lab yet.";
        if (graph) {
          pictureNow.take(graph);
          if (since === undefined) seen.fit();
        }
        problems = (await host.ask<Problem[] | null>("wtop/problems")) ?? [];
        const tags = [...new Set(Object.values(pictureNow.picture.nodes).flatMap((node) => node.tags ?? []))].sort();
        if (tags.join() !== [...tag.options].slice(1).map((option) => option.value).join()) tag.replaceChildren(...options(tags, "All tags"));
        paint();
        seen.drawMap();
        document.title = `${pictureNow.picture.title} – wtop`;
        document.body.dataset["revision"] = String(pictureNow.revision);
      } while (asking.again);
      if (out.length > 0) await whatIf();
    } finally {
      asking.is = false;
    }
  }

  toldNow = (message) => {
    if (message.method === "wtop/cursor") {
      for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
      for (const id of message.params?.ids ?? []) pictureNow.piece(id)?.classList.add("lit");
    } else {
      attempt(refresh());
    }
  };

  const save_ = (): void => { attempt(save(host, pictureNow, dress.style, format.value)); format.value = ""; };
  const find = (): void => {
    const wanted = search.value.toLowerCase();
    const all = [...Object.keys(pictureNow.picture.nodes), ...Object.keys(pictureNow.picture.links)];
    const id = wanted === "" ? undefined : all.find((one) => one.toLowerCase().includes(wanted));
    const box = id === undefined ? undefined : pictureNow.picture.nodes[id]?.box;
    if (box) seen.show(box);
    choose(id);
    say(wanted === "" ? "" : id ?? `Nothing is called ${search.value}`);
  };
  search.addEventListener("input", find);
  tag.addEventListener("change", paint);
  format.addEventListener("change", save_);
  dragging(pictureNow, seen, edit, (id, layer) => {
    if (layer === "groups" || layer === "titles") return;
    choose(id);
    reveal(id);
  });
  hover(pictureNow);
  const keys: Record<string, (id: string | undefined) => void> = {
    "+": () => { seen.zoomBy(1.25); }, "=": () => { seen.zoomBy(1.25); }, "-": () => { seen.zoomBy(0.8); }, "0": () => { seen.fit(); },
    ArrowLeft: () => { seen.moveBy(60, 0); }, ArrowRight: () => { seen.moveBy(-60, 0); }, ArrowUp: () => { seen.moveBy(0, 60); }, ArrowDown: () => { seen.moveBy(0, -60); },
    "/": () => { search.focus(); }, a: () => { void edit.add(); }, t: switchTheme,
    Escape: () => { linkFrom = undefined; choose(undefined); say(""); },
    Enter: (id) => { if (id !== undefined) { if (linkFrom !== undefined) choose(id); else reveal(id); } },
    " ": (id) => { choose(id, true); },
    l: (id) => { if (id !== undefined) beginLink(id); },
    f: (id) => { if (id !== undefined) attempt(side.form(id)); },
    b: (id) => { if (id !== undefined) attempt(side.built(id)); },
    d: (id) => { if (id !== undefined) void edit.wish({ kind: "duplicate", id }); },
    g: () => { void edit.wish({ kind: "group", ids: chosen }); },
    o: (id) => { if (id !== undefined) attempt(toggleOut(id)); },
    F2: (id) => { if (id !== undefined) void edit.rename(id); },
    Delete: (id) => { if (id !== undefined) void edit.remove(chosen.length > 0 ? chosen : [id]); },
  };
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof Element && event.target.closest("input, select, dialog, pre, button") !== null;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || (isTyping && event.key !== "Escape")) return;
    event.preventDefault();
    act(idAt(document.activeElement)?.id ?? chosen[0]);
  });
  const button = (title: string, sign: string, act: () => void): HTMLElement => el("button", { type: "button", title, "aria-label": title, onclick: act }, sign);
  const tools = el("div", { id: "tools", role: "toolbar", "aria-label": "View and edits" }, search, tag, button("Add a node (A)", "+ Node", () => { void edit.add(); }), button("Zoom in (+)", "+", () => { seen.zoomBy(1.25); }), button("Zoom out (-)", "−", () => { seen.zoomBy(0.8); }), button("Show all (0)", "▣", () => { seen.fit(); }), button("Undo placing by hand", "⟲", () => { void edit.place({}); }), button("Light or dark (T)", "◐", switchTheme), format);
  const main = el("main", {}, tools, side.element, map, banner, status, card);
  main.prepend(pictureNow.svg);
  document.body.append(main);
  await refresh();
  again = (): void => { attempt(refresh()); };
}

function switchTheme(): void {
  localStorage.setItem("theme", document.documentElement.dataset["theme"] === "dark" ? "light" : "dark");
  followTheme();
}

/** Cards beside the pointer, in place of the slow titles of the browser. */
function hover(shown: Shown): void {
  shown.svg.addEventListener("pointermove", (event) => {
    const here = idAt(event.target);
    const node = here && shown.picture.nodes[here.id];
    const link = here && shown.picture.links[here.id];
    card.hidden = !node && !link;
    if (card.hidden) return;
    const wrong = problems.filter((problem) => problem.ids.includes(here?.id ?? "")).map((problem) => el("p", { class: problem.error ? "error" : "warning" }, problem.message));
    card.replaceChildren(el("strong", {}, node?.label ?? link?.label ?? ""), ...(node?.facts ?? []).map((fact) => el("p", {}, fact)), ...wrong);
    card.style.left = `${Math.min(event.clientX + 14, innerWidth - 280)}px`;
    card.style.top = `${Math.min(event.clientY + 14, innerHeight - card.offsetHeight - 8)}px`;
  });
  shown.svg.addEventListener("pointerleave", () => { card.hidden = true; });
}

let toldNow: (message: Told) => void = () => undefined;
function told(message: Told): void { toldNow(message); }

followTheme();
new MutationObserver(followTheme).observe(document.body, { attributes: true, attributeFilter: ["class"] });
void start();
