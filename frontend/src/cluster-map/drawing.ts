import { toneOf } from "./families";
import { kindGlyph, stateGlyph } from "./glyphs";
import type { Box } from "./picture";

export const ROOM_FOR_GLYPH = 84; // a narrower node has its name only
const SVG = "http://www.w3.org/2000/svg";

export function element<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Record<string, string | number> = {},
  parent?: Element,
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  parent?.append(made);
  return made;
}

/** Fills a box's group anew. Its place is not in here: that glides. */
export function draw(group: SVGGElement, box: Box): void {
  group.replaceChildren();
  DRAWN[box.shape](group, box);
}

const DRAWN: Record<Box["shape"], (group: SVGGElement, box: Box) => void> = {
  lane: (group, box) => {
    plate(group, box, 12);
    words(group, "label", (box.w) / 2, 27, box.title, "middle");
  },
  node: (group, box) => {
    plate(group, box, 12);
    if (box.w >= ROOM_FOR_GLYPH) glyph(group, kindGlyph("Node"), 9, 10, 14);
    words(group, "name", box.w >= ROOM_FOR_GLYPH ? 28 : box.w / 2, 21, box.title, box.w >= ROOM_FOR_GLYPH ? "start" : "middle");
    words(group, "note", 10, 38, box.note);
  },
  card: (group, box) => void plate(group, box, 12),
  head: (group, box) => {
    plate(group, box, 12);
    glyph(group, kindGlyph(box.item!.kind), 11, 8, 16);
    words(group, "name", 34, 21, box.title);
    words(group, "note", box.w - 12, 21, box.note, "end");
  },
  row: (group, box) => {
    plate(group, box, 7);
    glyph(group, kindGlyph(box.item!.kind), 7, 4, 13);
    words(group, "name", 27, 15, box.title);
    words(group, "note", box.w - 8, 15, box.note, "end");
  },
  pod: (group, box) => {
    const body = element("g", { class: "body" }, group);
    plate(body, box, box.w * 0.3);
    const size = box.w * 0.5;
    glyph(body, stateGlyph(box.item!.state), (box.w - size) / 2, (box.h - size) / 2, size);
    const restarts = Number(box.item!.detail["restarts"] ?? 0);
    if (restarts && box.title) count(body, box.w - 1, 2, restarts);
    if (box.title) words(group, "name", box.w / 2, box.h + 12, box.title, "middle");
  },
  ghost: (group, box) => void plate(group, box, box.w * 0.3),
  service: pill,
  entry: pill,
  scaler: (group, box) => {
    plate(group, box, 12);
    glyph(group, kindGlyph("HorizontalPodAutoscaler"), 7, 5, 14);
    words(group, "name", 26, 16, box.title);
    words(group, "note", box.w - 9, 16, box.note, "end");
  },
  chip: (group, box) => {
    plate(group, box, 8);
    glyph(group, kindGlyph(box.item?.kind ?? box.id.split("/")[1]!), 7, 7, 14);
    words(group, "name", 26, 18, box.title);
    words(group, "note", box.w - 8, 18, box.note, "end");
  },
  caption: (group, box) => {
    words(group, "label", 0, box.h / 2 + 4, box.title || box.note);
  },
};

function pill(group: SVGGElement, box: Box): void {
  plate(group, box, 10);
  glyph(group, kindGlyph(box.item!.kind), 9, 6, 15);
  words(group, "name", 30, 19, box.title);
  words(group, "note", 10, 36, box.note);
}

function plate(group: Element, { w, h }: Box, radius: number): void {
  if (group.closest(".is-marked")) element("rect", { class: "mark", x: -3, y: -3, width: w + 6, height: h + 6, rx: radius + 3 }, group);
  element("rect", { class: "plate", width: w, height: h, rx: radius }, group);
}

function glyph(group: Element, d: string, x: number, y: number, size: number): void {
  element("path", { class: "glyph", d, transform: `translate(${x} ${y}) scale(${size / 16})` }, group);
}

function words(group: Element, role: string, x: number, y: number, said: string, anchor = "start"): void {
  if (!said) return;
  element("text", { class: role, x, y, "text-anchor": anchor }, group).textContent = said;
}

function count(group: Element, x: number, y: number, value: number): void {
  element("circle", { class: "count", cx: x, cy: y, r: 8 }, group);
  words(group, "count-text", x, y + 3.5, value > 99 ? "99" : String(value), "middle");
}

/** What a stylesheet sees of it. */
export function classesOf(box: Box, marked: boolean): string {
  const tone = box.item ? (box.shape === "row" && box.off ? "idle" : toneOf(box.item.state)) : "idle";
  return `box box--${box.shape} tone ${tone}${box.off ? " is-off" : ""}${marked ? " is-marked" : ""}`;
}
