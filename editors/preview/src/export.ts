// The picture as a file.

import type { Host } from "./host";
import type { Shown } from "./picture";

function text(shown: Shown, style: string): string {
  const { left, top, right, bottom } = shown.picture.bounds;
  const [width, height] = [right - left, bottom - top];
  const copy = shown.svg.cloneNode(true) as SVGSVGElement;
  for (const element of copy.querySelectorAll("[tabindex]")) element.removeAttribute("tabindex");
  copy.querySelector("#world")?.removeAttribute("transform");
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("viewBox", `${left} ${top} ${width} ${height}`);
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  // A picture by itself has no page that says whether it is dark.
  const chosen = document.documentElement.dataset["theme"] ?? "light";
  const own = style.replaceAll(`:root[data-theme=${chosen}] `, "").replace(/@media \(prefers-color-scheme[^{]*\{[\s\S]*?\n\}\n/g, "");
  copy.insertAdjacentHTML("afterbegin", `<style>${own}</style><rect class="page" x="${left}" y="${top}" width="${width}" height="${height}"/>`);
  return new XMLSerializer().serializeToString(copy);
}

async function png(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.width * 2;
  canvas.height = image.height * 2;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return new Promise((resolve, reject) => { canvas.toBlob((blob) => { if (blob) resolve(blob); else reject(new Error("the picture is too large")); }); });
}

export async function save(host: Host, shown: Shown, style: string, format: string): Promise<void> {
  const svg = text(shown, style);
  const name = shown.picture.title.replaceAll(/[^\w-]+/g, "-");
  if (format === "png") await host.save(`${name}.png`, await png(svg));
  else if (format === "html") await host.save(`${name}.html`, new Blob([`<!DOCTYPE html><meta charset="utf-8"><title>${name}</title>${svg}`], { type: "text/html" }));
  else await host.save(`${name}.svg`, new Blob([svg], { type: "image/svg+xml" }));
}
