// Edits by hand: each is a wish that the compiler turns into an edit of the text. Nothing is drawn before the text has it.

import { dialog, el, options } from "./dom";
import { Refused, type Host } from "./host";
import { idAt, svgElement, type Shown } from "./picture";
import type { Dependent, Free, PaletteEntry } from "./types";
import type { View } from "./view";

export interface Edits {
  link(from: string, to: string): Promise<void>;
  add(): Promise<void>;
  remove(ids: string[]): Promise<void>;
  rename(id: string): Promise<void>;
  wish(wish: object): Promise<void>;
  /** Places by hand; none puts everything where the layout wants it. */
  place(nodes: Record<string, { x: number; y: number }>): Promise<void>;
}

export function edits(host: Host, shown: Shown, say: (text: string) => void): Edits {
  async function wish(what: object): Promise<void> {
    try {
      const { title } = await host.ask<{ title: string }>("wtop/edit", { wish: what });
      say(title);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      say(error.message);
      if (error.before === undefined) return;
      const agreed = await dialog("This cannot be done yet", error.before, el("p", {}, `${error.message}.`));
      if (agreed) {
        const { title } = await host.ask<{ title: string }>("wtop/edit", { wish: what, before: true });
        say(title);
      }
    }
  }

  async function link(from: string, to: string): Promise<void> {
    const ends = [];
    for (const id of [from, to]) {
      const is = shown.picture.nodes[id];
      const free = is && !is.network ? await host.ask<Free[]>("wtop/free", { ids: [id] }) : undefined;
      const names = free?.map((port) => port.name);
      ends.push({ id, select: names && el("select", { name: id, "aria-label": `Interface of ${id}` }, ...options(names, "the next free")) });
    }
    const rows = ends.map(({ id, select }) => el("label", {}, id, select));
    const chosen = await dialog(`Link ${from} and ${to}`, "Link", ...rows);
    if (!chosen) return;
    const end = (id: string): object => {
      const name = chosen.get(id);
      return { id, interface: typeof name === "string" && name !== "" ? name : null };
    };
    await wish({ kind: "link", from: end(from), to: end(to) });
  }

  async function add(): Promise<void> {
    const all = await host.ask<PaletteEntry[]>("wtop/palette");
    const groups = [...new Set(all.map((entry) => entry.group))];
    const list = groups.map((group) => el("optgroup", { label: group },
      ...all.filter((entry) => entry.group === group).map(({ device, title }) => el("option", { value: device }, `${device} – ${title}`))));
    const chosen = await dialog("Add a node", "Add",
      el("label", {}, "Device", el("select", { name: "device", size: "12", required: true }, ...list)),
      el("label", {}, "Name", el("input", { name: "name", placeholder: "found by itself" })));
    const [device, name] = [chosen?.get("device"), chosen?.get("name")];
    if (typeof device === "string") await wish({ kind: "add", device, name: typeof name === "string" && name !== "" ? name : null });
  }

  async function remove(ids: string[]): Promise<void> {
    const depends = await host.ask<Dependent[]>("wtop/dependents", { ids }).catch(() => []);
    const goes = depends.filter((other) => other.goes).map((other) => el("li", {}, el("code", {}, other.text)));
    const what = goes.length > 0 ? [el("p", {}, "With it go"), el("ul", {}, ...goes)] : [el("p", {}, "Nothing else depends on it.")];
    if (await dialog(`Delete ${ids.join(", ")}`, "Delete", ...what)) await wish({ kind: "delete", ids });
  }

  async function rename(id: string): Promise<void> {
    const chosen = await dialog(`Rename ${id}`, "Rename", el("label", {}, "Name", el("input", { name: "to", value: id, required: true })));
    const to = chosen?.get("to");
    if (typeof to === "string" && to !== id) await wish({ rename: id, to });
  }

  async function place(nodes: Record<string, { x: number; y: number }>): Promise<void> {
    await host.ask("wtop/place", { nodes });
  }

  const told = <A extends unknown[]>(act: (...all: A) => Promise<void>) => async (...all: A): Promise<void> => {
    await act(...all).catch((error: unknown) => { say(error instanceof Error ? error.message : String(error)); });
  };
  return { link: told(link), add: told(add), remove: told(remove), rename: told(rename), wish: told(wish), place: told(place) };
}

/** Dragging from a node: to another links them, with Shift held it moves. */
export function dragging(shown: Shown, view: View, edit: Edits, click: (id: string, layer: string) => void): void {
  let from: { id: string; x: number; y: number; moves: boolean } | undefined;
  let line: SVGElement | undefined;
  shown.svg.addEventListener("pointerdown", (event) => {
    const here = idAt(event.target);
    if (event.button !== 0 || here?.layer !== "nodes") return;
    from = { id: here.id, x: event.clientX, y: event.clientY, moves: event.shiftKey };
  });
  shown.svg.addEventListener("pointermove", (event) => {
    if (!from || (!line && Math.hypot(event.clientX - from.x, event.clientY - from.y) < 6)) return;
    const [x, y] = view.at(event.clientX, event.clientY);
    const box = shown.picture.nodes[from.id]?.box;
    if (!box) return;
    if (!line) {
      shown.svg.setPointerCapture(event.pointerId);
      line = svgElement(from.moves ? "rect" : "line", { class: "drawn" });
      shown.world.append(line);
    }
    const attributes = from.moves
      ? { x: x - (box.right - box.left) / 2, y: y - (box.bottom - box.top) / 2, width: box.right - box.left, height: box.bottom - box.top }
      : { x1: (box.left + box.right) / 2, y1: (box.top + box.bottom) / 2, x2: x, y2: y };
    for (const [key, value] of Object.entries(attributes)) line.setAttribute(key, String(value));
  });
  shown.svg.addEventListener("pointerup", (event) => {
    const [start, was] = [from, line];
    from = undefined;
    line = undefined;
    was?.remove();
    if (!start) return;
    const [x, y] = view.at(event.clientX, event.clientY);
    if (!was) click(start.id, "nodes");
    else if (start.moves) void edit.place({ [start.id]: { x: Math.round(x), y: Math.round(y) } });
    else {
      const inside = Object.entries(shown.picture.nodes).find(([, { box }]) => box.left <= x && x <= box.right && box.top <= y && y <= box.bottom);
      if (inside && inside[0] !== start.id) void edit.link(start.id, inside[0]);
    }
  });
  shown.svg.addEventListener("pointercancel", () => { line?.remove(); from = undefined; line = undefined; });
  shown.svg.addEventListener("click", (event) => {
    const here = idAt(event.target);
    if (here && here.layer !== "nodes") click(here.id, here.layer);
  });
}
