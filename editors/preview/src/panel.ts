// The panel beside the picture: what is known of the chosen thing, its attributes, and what is built of it.

import { el } from "./dom";
import type { Edits } from "./edits";
import type { Host } from "./host";
import type { Shown } from "./picture";
import type { Field, Fragment, Problem } from "./types";

export interface Panel {
  readonly element: HTMLElement;
  show(id: string | undefined, problems: Problem[]): Promise<void>;
  form(id: string): Promise<void>;
  built(id: string): Promise<void>;
}

export function panel(host: Host, shown: Shown, edit: Edits, actions: (id: string) => [string, () => void][]): Panel {
  const element = el("aside", { id: "panel", "aria-label": "The chosen thing", hidden: true });

  function show(id: string | undefined, problems: Problem[]): Promise<void> {
    element.hidden = id === undefined;
    if (id === undefined) return Promise.resolve();
    const node = shown.picture.nodes[id];
    const link = shown.picture.links[id];
    const facts = node ? node.facts : link ? [link.label] : [];
    const wrong = problems.filter((problem) => problem.ids.includes(id));
    element.replaceChildren(
      el("h2", {}, node?.label ?? id),
      ...wrong.map((problem) => el("p", { class: problem.error ? "error" : "warning" }, problem.message)),
      el("ul", {}, ...facts.map((fact) => el("li", {}, fact))),
      el("div", { class: "actions" }, ...actions(id).map(([title, act]) => el("button", { type: "button", onclick: act }, title))),
    );
    return Promise.resolve();
  }

  async function form(id: string): Promise<void> {
    const fields = await host.ask<Field[]>("wtop/form", { ids: [id] });
    fields.sort((a, b) => Number(b.value !== null) - Number(a.value !== null));
    const rows = fields.map((field) => {
      const input = el("input", { name: field.name, value: field.value ?? "", placeholder: field.effective ?? field.ty, "aria-label": field.name });
      input.addEventListener("change", () => {
        void edit.wish({ kind: "set", id, attribute: field.name, value: input.value.trim() === "" ? null : input.value });
      });
      return el("label", { title: `${field.doc} (${field.ty})` }, field.name, input);
    });
    element.hidden = false;
    element.replaceChildren(el("h2", {}, `Attributes of ${id}`), el("div", { class: "form" }, ...rows));
    rows[0]?.querySelector("input")?.focus();
  }

  async function built(id: string): Promise<void> {
    const parts = await host.ask<Fragment[] | null>("wtop/artifacts", { ids: [id] });
    const shownParts = (parts ?? []).map((part) => el("details", { open: true }, el("summary", {}, `${part.target}: ${part.file}`), el("pre", { tabindex: "0" }, part.text)));
    element.hidden = false;
    element.replaceChildren(el("h2", {}, `What is built of ${id}`), ...(shownParts.length > 0 ? shownParts : [el("p", {}, "Nothing by itself.")]));
  }

  return { element, show, form, built };
}
