/** How large pods are drawn: the more there are, the smaller. */
export interface Cell {
  w: number;
  h: number;
  tile: number;
  inset: number; // of the tile in its cell
  named: boolean;
}

const ROOMY: Cell = { w: 48, h: 52, tile: 34, inset: 7, named: true };
const CLOSE: Cell = { w: 42, h: 46, tile: 30, inset: 6, named: true };
const SMALL: Cell = { w: 30, h: 30, tile: 26, inset: 2, named: false };
const TINY: Cell = { w: 22, h: 22, tile: 18, inset: 2, named: false };

export function cellsFor(pods: number, narrow: boolean): Cell {
  if (pods > 90) return TINY;
  if (pods > 36) return SMALL;
  return narrow ? CLOSE : ROOMY;
}

/** Places for `count` pods, line by line in the middle of a column. */
export function packed(count: number, width: number, cell: Cell): { x: number; y: number }[] {
  const across = Math.max(1, Math.floor(width / cell.w));
  const used = Math.min(across, Math.max(1, count));
  const begin = (width - used * cell.w) / 2;
  return Array.from({ length: count }, (_, index) => ({
    x: begin + (index % across) * cell.w,
    y: Math.floor(index / across) * cell.h,
  }));
}

/** Pods that nothing keeps have names of their own, which want room. */
export function aloneCells(cell: Cell): Cell {
  const w = cell.named ? 84 : cell.w;
  return { ...cell, w, inset: (w - cell.tile) / 2 };
}
