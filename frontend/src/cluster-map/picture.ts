import type { Item } from "../wire";

export type Shape =
  | "lane" | "node" | "card" | "head" | "row" | "pod" | "ghost" | "service" | "entry" | "scaler" | "chip" | "caption";

/** One thing on the map, where it is. `item` null: nothing to open. */
export interface Box {
  id: string;
  shape: Shape;
  x: number;
  y: number;
  w: number;
  h: number;
  item: Item | null;
  title: string;
  note: string;
  /** Of a chip: what is asked for and does not exist. Of a row: kept for a rollback. Of a node: takes no new pods. */
  off: boolean;
}

export type Bond = "serves" | "broken" | "feeds" | "lacks" | "bound" | "waits" | "routes";

/** A line between two boxes. */
export interface Line {
  id: string;
  bond: Bond;
  d: string;
  ends: readonly [string, string];
}

export interface Picture {
  width: number;
  height: number;
  boxes: Box[];
  lines: Line[];
}
