import type { Item } from "../wire";
import { fit } from "./measure";
import { serviceNote } from "./notes";
import type { Box } from "./picture";
import type { Say } from "./layout";
import type { Entry, Scenery, Served } from "./scenery";
import type { Sheet } from "./sheet";
import { openWire, wire } from "./wires";

const PILL = 44;
const GAP = 10;
const LANE = 4; // between the trunks of two Services

export interface Rail {
  x: number;
  w: number;
  top: number;
}

/** Ingresses and Services, each beside the pods that it leads to. Returns how far down they reach. */
export function placeRail(sheet: Sheet, { services, entries }: Scenery, rail: Rail, say: Say): number {
  const wished = new Map(services.map((served) => [served.item.uid, beside(sheet, served, rail)]));
  const pills = [
    ...services.map((served) => ({ served, item: served.item, y: wished.get(served.item.uid)! })),
    ...entries.map((entry) => ({ served: null, item: entry.item, y: before(entry, wished, rail) })),
  ].sort((a, b) => a.y - b.y || Number(a.served !== null) - Number(b.served !== null));
  let free = rail.top;
  for (const { served, item, y } of pills) {
    place(sheet, item, Math.max(free, y), rail, served, say);
    free = Math.max(free, y) + PILL + GAP;
  }
  for (const [index, served] of services.entries()) serve(sheet, served, index);
  for (const entry of entries) route(sheet, entry);
  return pills.length ? free : 0;
}

function beside(sheet: Sheet, { behind }: Served, rail: Rail): number {
  const boxes = behind.map(({ pod }) => sheet.at(pod.uid)).filter((box) => box !== undefined);
  if (!boxes.length) return rail.top;
  return Math.min(...boxes.map((box) => box.y)) - PILL / 2 - 9;
}

function before(entry: Entry, wished: ReadonlyMap<string, number>, rail: Rail): number {
  const [first] = entry.services.map((service) => wished.get(service.uid)!).sort((a, b) => a - b);
  return (first ?? rail.top) - PILL - GAP;
}

function place(sheet: Sheet, item: Item, y: number, rail: Rail, served: Served | null, say: Say): void {
  const [host] = (item.detail["hosts"] as string[] | undefined) ?? [];
  const note = fit(served ? serviceNote(served, say) : (host ?? "*"), rail.w - 18, 11);
  const title = fit(item.name, rail.w - 40, 12.5);
  const off = served !== null && served.ready === 0 && item.detail["type"] !== "ExternalName";
  sheet.put(served ? "service" : "entry", item.uid, rail.x, y, rail.w, PILL, { item, title, note, off });
}

/** One trunk along the top of each line of pods, and from it a drop to each pod. */
function serve(sheet: Sheet, { item, behind }: Served, index: number): void {
  const from = sheet.at(item.uid)!;
  const turn = from.x + from.w + 8 + (index % 4) * LANE;
  const begin = { x: from.x + from.w, y: from.y + from.h / 2 };
  for (const { pod, ready } of behind) {
    const to = sheet.at(pod.uid);
    if (!to) continue;
    const trunk = to.y - 13 + (index % 3) * LANE;
    const x = to.x + to.w / 2;
    const points = [begin, { x: turn, y: begin.y }, { x: turn, y: trunk }, { x, y: trunk }, { x, y: to.y }];
    sheet.line(ready ? "serves" : "broken", from, to, ready ? wire(points) : openWire(points));
  }
}

/** From an Ingress round the left to its Services. */
function route(sheet: Sheet, { item, services }: Entry): void {
  const from = sheet.at(item.uid)!;
  for (const service of services) {
    const to: Box = sheet.at(service.uid)!;
    const out = from.x - 9;
    const [y, end] = [from.y + from.h / 2, to.y + to.h / 2];
    sheet.line("routes", from, to, wire([{ x: from.x, y }, { x: out, y }, { x: out, y: end }, { x: to.x, y: end }]));
  }
}
