import type { Item } from "../wire";
import { fit, widthOf } from "./measure";
import { chipNote } from "./notes";
import type { Box } from "./picture";
import type { Say } from "./layout";
import type { Feed, Scenery } from "./scenery";
import type { Sheet } from "./sheet";
import { wire } from "./wires";

const CHIP = 28;
const WIDEST = 190;
const INSIDE = 14; // from a card's edge to its chips
const LINK = 22; // between claim, volume and class
const MOST_LINES = 16; // of one feed; more would be a curtain
const ROOM_FOR_NOTE = 110;
const LABEL = 15; // below a pod: its name

/** What pods are fed with: claims with their volumes and classes, ConfigMaps, Secrets. */
export class Feeding {
  #sheet: Sheet;
  #scenery: Scenery;
  #say: Say;
  #gutters = new Map<string, number>(); // by chip: where its wire goes up

  constructor(sheet: Sheet, scenery: Scenery, say: Say) {
    this.#sheet = sheet;
    this.#scenery = scenery;
    this.#say = say;
  }

  /** At the foot of the card whose pods alone need them. */
  foot(claims: readonly Feed[], feeds: readonly Feed[]): void {
    if (claims.length + feeds.length === 0) return;
    this.#sheet.y += 6;
    this.#chains(claims, this.#sheet.left + 6);
    this.#chips(feeds, this.#sheet.left + 6);
  }

  /** Below all cards: what several of them need, or none. */
  shelf(): void {
    const { claims, feeds, volumes, classes } = this.#scenery;
    const free = volumes.filter((one) => !this.#sheet.has(one.uid) && !claims.some((claim) => claim.item?.detail["volume"] === one.name));
    const unused = classes.filter((one) => !this.#sheet.has(one.uid) && !this.#names(one, claims, free));
    if (claims.length + free.length + unused.length) this.#caption("storage", this.#say.storage);
    this.#chains(claims, this.#sheet.left - 6);
    for (const volume of free) this.#row([null, volume, this.#classOf(volume)], true);
    for (const storage of unused) this.#row([null, null, storage], true);
    if (feeds.length) this.#caption("configuration", this.#say.configuration);
    this.#chips(feeds, this.#sheet.left - 6);
  }

  /** To be drawn when everything has its place. */
  wires(): void {
    const { cards, claims, feeds } = this.#scenery;
    for (const feed of [...claims, ...feeds, ...cards.flatMap((card) => [...card.claims, ...card.feeds])]) {
      const from = this.#sheet.at(idOf(feed))!;
      for (const pod of feed.pods.slice(0, MOST_LINES)) {
        const to = this.#sheet.at(pod.uid);
        if (to) this.#sheet.line(feed.item ? "feeds" : "lacks", from, to, this.#wire(from, to));
      }
    }
  }

  /** Left out of the chip, up the gutter, along below the pods, up into the pod. */
  #wire(from: Box, to: Box): string {
    const gutter = this.#gutters.get(from.id)!;
    const y = from.y + from.h / 2;
    const x = to.x + to.w / 2;
    const foot = to.y + to.h + (to.title ? LABEL : 0);
    return wire([{ x: from.x, y }, { x: gutter, y }, { x: gutter, y: foot + 6 }, { x, y: foot + 6 }, { x, y: foot }]);
  }

  #names(storage: Item, claims: readonly Feed[], volumes: readonly Item[]): boolean {
    return [...claims.map((claim) => claim.item), ...volumes].some((one) => one?.detail["class"] === storage.name);
  }

  #classOf(item: Item | null): Item | null {
    return this.#scenery.classes.find((one) => one.name === item?.detail["class"]) ?? null;
  }

  /** Claim → volume → class, a line for each claim; a class stands where it is named first. */
  #chains(claims: readonly Feed[], gutter: number): void {
    for (const claim of claims) {
      const volume = this.#scenery.volumes.find((one) => claim.item && one.name === claim.item.detail["volume"]) ?? null;
      const { x, w } = this.#slot(0);
      this.#chip(claim, x, w, gutter);
      this.#row([this.#sheet.at(idOf(claim))!, volume, this.#classOf(claim.item ?? volume)], volume !== null);
    }
  }

  #row([claim, volume, storage]: readonly [Box | null, Item | null, Item | null], bound: boolean): void {
    const chain = [claim, volume && this.#part(volume, 1), storage && this.#part(storage, 2)].filter((box) => box !== null);
    for (const [index, to] of chain.slice(1).entries()) this.#link(chain[index]!, to, bound);
    this.#sheet.y += CHIP + 6;
  }

  #link(from: Box, to: Box, bound: boolean): void {
    const begin = { x: from.x + from.w, y: from.y + from.h / 2 };
    const end = { x: to.x, y: to.y + to.h / 2 };
    const turn = end.x - LINK / 2;
    this.#sheet.line(bound ? "bound" : "waits", from, to, wire([begin, { x: turn, y: begin.y }, { x: turn, y: end.y }, end]));
  }

  #slot(index: number): { x: number; w: number } {
    const w = Math.min(WIDEST, (this.#sheet.wide - 2 * INSIDE - 2 * LINK) / 3);
    return { x: this.#sheet.left + INSIDE + index * (w + LINK), w };
  }

  #part(item: Item, index: number): Box {
    const { x, w } = this.#slot(index);
    const note = item.kind === "PersistentVolume" && w >= ROOM_FOR_NOTE ? ` ${String(item.detail["capacity"] ?? "")}` : "";
    const title = fit(item.name, w - 34 - widthOf(note, 11), 11.5);
    return this.#sheet.at(item.uid) ?? this.#sheet.put("chip", item.uid, x, this.#sheet.y, w, CHIP, { item, title, note });
  }

  #chips(feeds: readonly Feed[], gutter: number): void {
    const begin = this.#sheet.left + INSIDE;
    let x = begin;
    for (const feed of feeds) {
      const w = Math.min(WIDEST, this.#sheet.wide - 2 * INSIDE, 38 + widthOf(feed.name, 11.5) + widthOf(chipNote(feed, this.#say), 11));
      if (x + w > this.#sheet.right - INSIDE && x > begin) {
        x = begin;
        this.#sheet.y += CHIP + 6;
      }
      this.#chip(feed, x, w, gutter);
      x += w + 12;
    }
    if (feeds.length) this.#sheet.y += CHIP + 6;
  }

  #chip(feed: Feed, x: number, w: number, gutter: number): void {
    const id = idOf(feed);
    const note = feed.item && w < ROOM_FOR_NOTE ? "" : chipNote(feed, this.#say);
    const title = fit(feed.name, w - 34 - widthOf(note, 11), 11.5);
    this.#gutters.set(id, x > this.#sheet.left + INSIDE ? x - 6 : gutter);
    this.#sheet.put("chip", id, x, this.#sheet.y, w, CHIP, { item: feed.item, title, note, off: !feed.item });
  }

  #caption(id: string, title: string): void {
    this.#sheet.put("caption", id, this.#sheet.left + INSIDE, this.#sheet.y, this.#sheet.wide - INSIDE, 22, { title });
    this.#sheet.y += 24;
  }
}

function idOf(feed: Feed): string {
  return feed.item?.uid ?? `missing/${feed.kind}/${feed.name}`;
}
