import type { Item } from "../wire";
import { aloneCells, type Cell, cellsFor, packed } from "./cells";
import { ROOM_FOR_GLYPH } from "./drawing";
import { Feeding } from "./feeding";
import { fit, widthOf } from "./measure";
import { headNote, podTitle, rowNote, rowTitle } from "./notes";
import type { Picture } from "./picture";
import { placeRail } from "./rail";
import type { Card, Place, Row, Scenery } from "./scenery";
import { Sheet } from "./sheet";

const EDGE = 12;
const GAP = 12;
const CARD_HEAD = 30;
const ROW_HEAD = 22;
const NARROW = 560;
const WALL = 30; // between the rail and the cards, for the wires
const TRUNK = 18; // above pods that a Service leads to
const MOST_GHOSTS = 3;
const PILE = 4; // from one ghost to the next

/** The few words on the map itself. */
export interface Say {
  waiting: string;
  alone: string;
  storage: string;
  configuration: string;
  unserved: string;
  missing: string;
  resting: string;
  notReady: string;
  cordoned: string;
  ready(ready: number, wanted: number): string;
  older(count: number): string;
}

/** Where everything stands on a map that is `width` wide. Nothing but its arguments decides. */
export function layout(scenery: Scenery, width: number, say: Say): Picture {
  return new Plan(scenery, width, say).picture();
}

class Plan {
  #scenery: Scenery;
  #say: Say;
  #sheet: Sheet;
  #feeding: Feeding;
  #width: number;
  #rail: { x: number; w: number; top: number };
  #head: number; // height of a node's name
  #cell: Cell;
  #lane: number;
  #column: number;
  #columns: Map<string, number>;
  #served: Set<Item>;

  constructor(scenery: Scenery, width: number, say: Say) {
    this.#scenery = scenery;
    this.#say = say;
    const narrow = width < NARROW;
    const railed = scenery.services.length + scenery.entries.length > 0;
    this.#head = scenery.places.some((place) => this.#placeNote(place)) ? 46 : 32;
    this.#rail = { x: EDGE + (scenery.entries.length ? 8 : 0), w: narrow ? 100 : 140, top: EDGE + this.#head + 6 };
    const left = railed ? this.#rail.x + this.#rail.w + WALL : EDGE;
    this.#cell = cellsFor(scenery.cards.reduce((sum, card) => sum + card.rows.reduce((pods, row) => pods + row.pods.length, 0), 0), narrow);
    const waiting = mostWaiting(scenery);
    this.#lane = waiting ? this.#cell.w * (waiting > 4 ? 2 : 1) + 14 : narrow ? 52 : 62;
    const places = Math.max(1, scenery.places.length);
    this.#width = Math.max(width, left + this.#lane + places * (this.#cell.w + 20) + EDGE);
    this.#sheet = new Sheet(left, this.#width - EDGE, EDGE);
    this.#feeding = new Feeding(this.#sheet, scenery, say);
    this.#column = (this.#sheet.wide - this.#lane) / places;
    this.#columns = new Map(scenery.places.map((place, index) => [place.name, left + this.#lane + index * this.#column]));
    this.#served = new Set(scenery.services.flatMap((served) => served.behind.map(({ pod }) => pod)));
  }

  picture(): Picture {
    const { cards, places } = this.#scenery;
    const sheet = this.#sheet;
    sheet.y = this.#rail.top;
    for (const card of cards) this.#card(card);
    if (!cards.length) sheet.y += 84;
    sheet.y = Math.max(sheet.y, placeRail(sheet, this.#scenery, this.#rail, this.#say));
    this.#grounds(places, sheet.y - 4);
    sheet.y += 4;
    this.#feeding.shelf();
    this.#feeding.wires();
    return sheet.picture(this.#width, sheet.y + EDGE - 6);
  }

  /** What stands behind the cards: the lane of what waits for a node, and the nodes. */
  #grounds(places: readonly Place[], end: number): void {
    const height = end - EDGE;
    const lane = { title: fit(this.#say.waiting, this.#lane - 8, 11) };
    this.#sheet.put("lane", "lane", this.#sheet.left, EDGE, this.#lane - 6, height, lane);
    for (const place of places) {
      const wide = this.#column - 6;
      this.#sheet.put("node", place.item?.uid ?? `node/${place.name}`, this.#columns.get(place.name)!, EDGE, wide, height, {
        item: place.item,
        title: fit(place.name, wide - (wide < ROOM_FOR_GLYPH ? 8 : 36), 12),
        note: fit(this.#placeNote(place), wide - 18, 11),
        off: !place.open,
      });
    }
  }

  #placeNote({ item, open }: Place): string {
    if (!item) return "";
    if (item.state === "failing") return this.#say.notReady;
    return open ? String(item.detail["zone"] ?? "") : this.#say.cordoned;
  }

  #card(card: Card): void {
    const sheet = this.#sheet;
    const { left, wide } = sheet;
    const frame = sheet.put("card", `card/${card.id}`, left, sheet.y, wide - 6, 0);
    if (card.item) this.#cardHead(card, card.item);
    else sheet.put("caption", "alone", left + 12, sheet.y, wide, CARD_HEAD, { title: this.#say.alone });
    sheet.y += CARD_HEAD;
    if (card.scaler) this.#scaler(card.scaler);
    for (const row of card.rows) this.#row(row, card.item === null);
    if (card.older > 0) this.#older(card);
    this.#feeding.foot(card.claims, card.feeds);
    frame.h = sheet.y - frame.y + 2;
    sheet.y += GAP;
  }

  #cardHead(card: Card, item: Item): void {
    const { left, wide, y } = this.#sheet;
    const note = headNote(card, this.#say);
    const title = fit(item.name, wide - 76 - widthOf(note, 12), 13);
    this.#sheet.put("head", item.uid, left, y, wide - 6, CARD_HEAD, { item, title, note });
  }

  #older(card: Card): void {
    const note = this.#say.older(card.older);
    this.#sheet.put("caption", `older/${card.id}`, this.#sheet.left + 12, this.#sheet.y - 2, this.#sheet.wide, ROW_HEAD, { note });
    this.#sheet.y += ROW_HEAD;
  }

  #scaler(item: Item): void {
    const note = `${String(item.detail["least"])}–${String(item.detail["most"])}`;
    const title = fit(item.name, 110, 11.5);
    const wide = 48 + widthOf(title, 11.5) + widthOf(note, 11);
    this.#sheet.put("scaler", item.uid, this.#sheet.left + 10, this.#sheet.y, wide, 24, { item, title, note });
    this.#sheet.y += 30;
  }

  #row(row: Row, alone: boolean): void {
    const sheet = this.#sheet;
    if (row.head) {
      const note = rowNote(row, this.#say);
      const title = rowTitle(row, sheet.wide - 60 - widthOf(note, 11));
      sheet.put("row", row.id, sheet.left + 6, sheet.y, sheet.wide - 18, ROW_HEAD, { item: row.head, title, note, off: row.resting });
      sheet.y += ROW_HEAD + 2;
    }
    if (row.resting) return;
    const served = row.pods.some((pod) => this.#served.has(pod));
    const cell = alone ? aloneCells(this.#cell) : this.#cell;
    sheet.y += served ? TRUNK : 5;
    sheet.y += this.#pods(row, served && cell.named ? { ...cell, h: cell.h + TRUNK - 6 } : cell) + (served ? 0 : 6);
  }

  /** Each pod in its node's column, what has no node in the lane. Returns how high that is. */
  #pods(row: Row, cell: Cell): number {
    const byPlace = new Map<string, Item[]>();
    for (const pod of row.pods) {
      const name = String(pod.detail["node"] ?? "");
      byPlace.set(name, [...(byPlace.get(name) ?? []), pod]);
    }
    let height = row.pods.length || row.missing ? cell.h : 0;
    for (const [name, pods] of byPlace) {
      const x = name ? (this.#columns.get(name) ?? this.#sheet.left) : this.#sheet.left;
      const spots = packed(pods.length, (name ? this.#column : this.#lane) - 6, cell);
      for (const [index, pod] of pods.entries()) this.#pod(pod, x + spots[index]!.x, this.#sheet.y + spots[index]!.y, cell);
      height = Math.max(height, spots.at(-1)!.y + cell.h);
    }
    this.#ghosts(row);
    return height;
  }

  /** What is wanted and not there yet: a pile in the lane, behind what waits there already. */
  #ghosts(row: Row): void {
    const { tile } = this.#cell;
    const shown = Math.min(row.missing, MOST_GHOSTS);
    const begin = (this.#lane - 6 - tile - (shown - 1) * PILE) / 2;
    for (let index = shown - 1; index >= 0; index--) {
      const x = this.#sheet.left + begin + index * PILE;
      this.#sheet.put("ghost", `ghost/${row.id}/${index}`, x, this.#sheet.y + index * PILE, tile, tile);
    }
  }

  #pod(pod: Item, x: number, y: number, cell: Cell): void {
    const title = cell.named ? podTitle(pod, cell.w - 4) : "";
    this.#sheet.put("pod", pod.uid, x + cell.inset, y, cell.tile, cell.tile, { item: pod, title });
  }
}

function mostWaiting(scenery: Scenery): number {
  const waiting = (row: Row): number => row.pods.filter((pod) => !pod.detail["node"]).length;
  return Math.max(0, ...scenery.cards.flatMap((card) => card.rows.map(waiting)));
}
