// The picture in the page: pieces of SVG that the compiler drew, put in, changed and taken out by id.

import type { Changes, Graph, Patch, Picture } from "./types";

const SVG = "http://www.w3.org/2000/svg";
const LAYERS = ["groups", "ties", "links", "titles", "nodes", "labels"] as const;
type Layer = (typeof LAYERS)[number];

export function svgElement(name: string, attributes: Record<string, string | number> = {}): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

export class Shown {
  readonly svg = svgElement("svg", { class: "wtop", role: "application" }) as SVGSVGElement;
  readonly world = svgElement("g", { id: "world" }) as SVGGElement;
  picture: Picture = { title: "", bounds: { left: 0, top: 0, right: 1, bottom: 1 }, nodes: {}, groups: {}, links: {}, ties: [], labels: [] };
  revision: number | undefined;
  private readonly layers = new Map<Layer, SVGElement>();
  private readonly pieces = new Map<string, SVGElement>();

  constructor(icons: string) {
    const icon = svgElement("defs");
    icon.innerHTML = icons;
    this.svg.append(icon, this.world);
    for (const name of LAYERS) {
      const layer = svgElement("g", { class: name });
      this.layers.set(name, layer);
      this.world.append(layer);
    }
  }

  /** The piece of a node, network, group or link. */
  piece(id: string): SVGElement | undefined {
    return this.pieces.get(`nodes ${id}`) ?? this.pieces.get(`links ${id}`) ?? this.pieces.get(`groups ${id}`);
  }

  /** Takes what the server gave: all of the picture, or what changed. */
  take(graph: Graph): void {
    if (graph.picture) {
      this.pieces.clear();
      for (const layer of this.layers.values()) layer.replaceChildren();
      this.picture = { ...graph.picture, nodes: {}, groups: {}, links: {}, ties: [], labels: [] };
      const all = <T>(set: Record<string, T>): Changes<T> => ({ set, removed: [] });
      const { nodes, groups, links, ties, labels } = graph.picture;
      this.apply({ nodes: all(nodes), groups: all(groups), links: all(links), ties, labels: { added: labels, removed: [] } });
    } else if (graph.patch) {
      this.apply(graph.patch);
    }
    this.revision = graph.revision;
    this.svg.setAttribute("aria-label", `${this.picture.title}: ${Object.keys(this.picture.nodes).length} nodes and networks, ${Object.keys(this.picture.links).length} links`);
  }

  private apply(patch: Patch): void {
    const { picture } = this;
    if (patch.title !== undefined) picture.title = patch.title;
    if (patch.bounds) picture.bounds = patch.bounds;
    if (patch.groups) {
      this.change("groups", picture.groups, patch.groups, (piece) => piece.svg);
      this.change("titles", {}, patch.groups, (piece) => piece.title);
      this.order("groups", Object.keys(picture.groups));
    }
    if (patch.links) this.change("links", picture.links, patch.links, (piece) => piece.svg);
    if (patch.nodes) {
      this.change("nodes", picture.nodes, patch.nodes, (piece) => piece.svg);
      for (const id of Object.keys(patch.nodes.set)) this.pieces.get(`nodes ${id}`)?.setAttribute("tabindex", "0");
    }
    if (patch.ties) {
      picture.ties = patch.ties;
      this.layer("ties").innerHTML = patch.ties.join("");
    }
    if (patch.labels) this.changeLabels(patch.labels);
  }

  private change<T>(layer: Layer, into: Record<string, T>, changes: Changes<T>, svg: (piece: T) => string): void {
    for (const id of changes.removed) {
      this.pieces.get(`${layer} ${id}`)?.remove();
      this.pieces.delete(`${layer} ${id}`);
      Reflect.deleteProperty(into, id);
    }
    for (const [id, piece] of Object.entries(changes.set)) {
      let element = this.pieces.get(`${layer} ${id}`);
      if (!element) {
        element = svgElement("g", { "data-id": id, "data-layer": layer });
        this.pieces.set(`${layer} ${id}`, element);
        this.layer(layer).append(element);
      }
      element.innerHTML = svg(piece);
      into[id] = piece;
    }
  }

  /** Outer frames stand before inner ones. */
  private order(layer: Layer, ids: string[]): void {
    for (const id of ids.sort()) {
      const piece = this.pieces.get(`${layer} ${id}`);
      if (piece) this.layer(layer).append(piece);
    }
  }

  private changeLabels(changes: { added: string[]; removed: number[] }): void {
    const layer = this.layer("labels");
    const gone = new Set(changes.removed);
    [...layer.children].filter((_, index) => gone.has(index)).forEach((label) => { label.remove(); });
    this.picture.labels = this.picture.labels.filter((_, index) => !gone.has(index)).concat(changes.added);
    layer.insertAdjacentHTML("beforeend", changes.added.join(""));
  }

  private layer(name: Layer): SVGElement {
    return this.layers.get(name) ?? this.world;
  }
}

/** The thing at an element of the picture. */
export function idAt(target: EventTarget | null): { id: string; layer: string } | undefined {
  const piece = target instanceof Element ? target.closest("[data-id]") : null;
  const id = piece?.getAttribute("data-id");
  return id === null || id === undefined ? undefined : { id, layer: piece?.getAttribute("data-layer") ?? "" };
}
