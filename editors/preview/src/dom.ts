// Small helpers for the page around the picture.

type Child = Node | string | undefined;

/** An element with attributes and children; `on…` are listeners. */
export function el<K extends keyof HTMLElementTagNameMap>(name: K, attributes: Record<string, string | boolean | (() => void)> = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else if (typeof value === "boolean") element.toggleAttribute(key, value);
    else element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** Asks in a dialog; gives its form if it was accepted. */
export function dialog(title: string, accept: string, ...content: Child[]): Promise<FormData | undefined> {
  return new Promise((resolve) => {
    const form = el("form", { method: "dialog" }, el("h2", {}, title), ...content,
      el("menu", {}, el("button", { type: "button", onclick: () => { box.close(); } }, "Cancel"), el("button", { type: "submit", value: "ok" }, accept)));
    const box = el("dialog", { "aria-label": title }, form);
    box.addEventListener("close", () => {
      box.remove();
      resolve(box.returnValue === "ok" ? new FormData(form) : undefined);
    });
    document.body.append(box);
    box.showModal();
  });
}

export function options(names: string[], first: string): HTMLOptionElement[] {
  return [el("option", { value: "" }, first), ...names.map((name) => el("option", { value: name }, name))];
}
