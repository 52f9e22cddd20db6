import type { Box } from "./picture";

export type Arrow = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

const SIDEWAYS = 2.2; // how much worse it is to be off to the side than to be far away

/** The object that one means by pressing an arrow: near, and in that direction. */
export function next(boxes: readonly Box[], from: Box, arrow: Arrow): Box | null {
  let best: Box | null = null;
  let least = Infinity;
  for (const box of boxes) {
    const cost = box === from || !box.item ? Infinity : costOf(from, box, arrow);
    if (cost < least) [best, least] = [box, cost];
  }
  return best;
}

function costOf(from: Box, to: Box, arrow: Arrow): number {
  const sideways = arrow === "ArrowLeft" || arrow === "ArrowRight";
  const sign = arrow === "ArrowLeft" || arrow === "ArrowUp" ? -1 : 1;
  const ahead = sign * (sideways ? middle(to).x - middle(from).x : middle(to).y - middle(from).y);
  if (ahead < 4) return Infinity;
  const aside = sideways ? gap(from.y, from.h, to.y, to.h) : gap(from.x, from.w, to.x, to.w);
  return ahead + SIDEWAYS * aside;
}

function middle(box: Box): { x: number; y: number } {
  return { x: box.x + Math.min(box.w, 60) / 2, y: box.y + Math.min(box.h, 40) / 2 }; // where its name is
}

function gap(a: number, sizeA: number, b: number, sizeB: number): number {
  return Math.max(0, Math.max(a, b) - Math.min(a + sizeA, b + sizeB));
}

/** Reading order: for the first key press, and for what has lost its object. */
export function first(boxes: readonly Box[]): Box | null {
  const things = boxes.filter((box) => box.item && box.shape !== "node");
  return things[0] ?? boxes.find((box) => box.item) ?? null;
}

/** What is nearest to where something was. */
export function nearest(boxes: readonly Box[], to: Box): Box | null {
  const distance = (box: Box): number => Math.hypot(middle(box).x - middle(to).x, middle(box).y - middle(to).y);
  return boxes.filter((box) => box.item).sort((a, b) => distance(a) - distance(b))[0] ?? null;
}
