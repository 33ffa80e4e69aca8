// Which part of the picture is seen: moving, zooming, and the small map of all of it.

import { select } from "d3-selection";
import { zoom, zoomIdentity, zoomTransform } from "d3-zoom";
import type { Shown } from "./picture";
import type { Rect } from "./types";

const MAP = { width: 160, height: 110 };

export interface View {
  fit(): void;
  zoomBy(factor: number): void;
  moveBy(x: number, y: number): void;
  /** Brings a thing into sight, if it is not. */
  show(box: Rect): void;
  /** The point of the picture at a point of the window. */
  at(x: number, y: number): [number, number];
  drawMap(): void;
}

export function view(shown: Shown, map: HTMLCanvasElement, isBusy: (event: Event) => boolean): View {
  const svg = select(shown.svg);
  const behaviour = zoom<SVGSVGElement, unknown>().scaleExtent([0.05, 8]);
  behaviour.filter((event: MouseEvent) => event.type === "wheel" || (!event.button && !event.ctrlKey && !isBusy(event)));
  behaviour.on("zoom", () => {
    shown.world.setAttribute("transform", zoomTransform(shown.svg).toString());
    drawMap();
  });
  svg.call(behaviour).on("dblclick.zoom", null);
  const size = (): [number, number] => [shown.svg.clientWidth || 800, shown.svg.clientHeight || 600];

  function fit(): void {
    const { left, top, right, bottom } = shown.picture.bounds;
    const [width, height] = size();
    const scale = Math.min(width / (right - left), height / (bottom - top), 1.6);
    const move = zoomIdentity.translate(width / 2 - (scale * (left + right)) / 2, height / 2 - (scale * (top + bottom)) / 2);
    svg.call(behaviour.transform.bind(behaviour), move.scale(scale));
  }

  function scaleOfMap(): number {
    const { left, top, right, bottom } = shown.picture.bounds;
    return Math.min(MAP.width / (right - left), MAP.height / (bottom - top));
  }

  function drawMap(): void {
    const context = map.getContext("2d");
    if (!context) return;
    const { left, top } = shown.picture.bounds;
    const scale = scaleOfMap();
    const style = getComputedStyle(map);
    context.clearRect(0, 0, MAP.width, MAP.height);
    context.fillStyle = style.color;
    for (const { box } of Object.values(shown.picture.nodes)) {
      const [width, height] = [Math.max((box.right - box.left) * scale, 2), Math.max((box.bottom - box.top) * scale, 2)];
      context.fillRect((box.left - left) * scale, (box.top - top) * scale, width, height);
    }
    const [width, height] = size();
    const seen = zoomTransform(shown.svg);
    const [x, y] = seen.invert([0, 0]);
    context.strokeStyle = style.outlineColor;
    context.lineWidth = 2;
    context.strokeRect((x - left) * scale, (y - top) * scale, (width / seen.k) * scale, (height / seen.k) * scale);
  }

  map.width = MAP.width;
  map.height = MAP.height;
  const jump = (event: PointerEvent): void => {
    const box = map.getBoundingClientRect();
    const { left, top } = shown.picture.bounds;
    behaviour.translateTo(svg, (event.clientX - box.left) / scaleOfMap() + left, (event.clientY - box.top) / scaleOfMap() + top);
  };
  map.addEventListener("pointerdown", (event) => { map.setPointerCapture(event.pointerId); jump(event); });
  map.addEventListener("pointermove", (event) => { if (event.buttons) jump(event); });

  return {
    fit,
    drawMap,
    zoomBy: (factor) => { behaviour.scaleBy(svg, factor); },
    moveBy: (x, y) => { const { k } = zoomTransform(shown.svg); behaviour.translateBy(svg, x / k, y / k); },
    show: (box) => {
      const seen = zoomTransform(shown.svg);
      const [width, height] = size();
      const [x, y] = seen.apply([(box.left + box.right) / 2, (box.top + box.bottom) / 2]);
      if (x < 0 || y < 0 || x > width || y > height) behaviour.translateTo(svg, (box.left + box.right) / 2, (box.top + box.bottom) / 2);
    },
    at: (x, y) => {
      const box = shown.svg.getBoundingClientRect();
      return zoomTransform(shown.svg).invert([x - box.left, y - box.top]);
    },
  };
}
