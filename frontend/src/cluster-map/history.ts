import type { Item, Past, Step } from "../wire";

const STEPS_KEPT = 1500;
const MOMENT = 15; // milliseconds

/** What happened, bounded: a beginning and the steps after it. Index 0 is the beginning. */
export class History {
  #base = new Map<string, Item>();
  #steps: Step[] = [];
  #moments: number[] = []; // after how many steps each moment ends
  #began = 0; // when this page's own past begins
  #known: readonly Item[] | null = null;

  /** Takes in how things are now. */
  record(items: readonly Item[], now: number): void {
    if (this.#known === null) {
      this.#base = new Map(items.map((item) => [item.uid, item]));
      this.#began = now;
    } else for (const step of differences(this.#known, items, now)) this.#push(step);
    this.#known = items;
  }

  /** Puts what the server remembers before what this page has seen. The server's clock may be another one. */
  precede(past: Past, now = Date.now()): void {
    const own = this.#steps;
    const seen = [...this.#base.values()];
    const ahead = now - past.now;
    const steps = past.steps.map((step) => ({ ...step, t: step.t + ahead })).filter((step) => step.t < this.#began);
    this.load({ base: past.base, steps });
    for (const step of differences(this.#itemsAt(this.#steps.length), seen, this.#began)) this.#push(step);
    for (const step of own) this.#push(step);
  }

  /** A past as it is, instead of what was known. */
  load({ base, steps }: Pick<Past, "base" | "steps">): void {
    this.#base = new Map(base.map((item) => [item.uid, item]));
    this.#steps = [];
    this.#moments = [];
    for (const step of steps) this.#push(step);
  }

  /** How many moments there are; the last one is the present. */
  get length(): number {
    return this.#moments.length;
  }

  at(moment: number): Item[] {
    return this.#itemsAt(moment === 0 ? 0 : (this.#moments[moment - 1] ?? this.#steps.length));
  }

  /** When a moment was; of the beginning, when the first step followed it. */
  time(moment: number): number {
    const step = moment === 0 ? this.#steps[0] : this.#steps[(this.#moments[moment - 1] ?? 0) - 1];
    return step?.t ?? 0;
  }

  /** The objects that a moment changed. */
  changes(moment: number): Step[] {
    if (moment === 0) return [];
    return this.#steps.slice(this.#moments[moment - 2] ?? 0, this.#moments[moment - 1]);
  }

  #itemsAt(steps: number): Item[] {
    const items = new Map(this.#base);
    for (const step of this.#steps.slice(0, steps)) take(items, step);
    return [...items.values()];
  }

  /** What happens together is one moment, but no two changes of pods: those are what one looks back for. */
  #push(step: Step): void {
    const begin = this.#moments.at(-2) ?? 0;
    const together = this.#moments.length > 0 && step.t - this.#steps[begin]!.t <= MOMENT;
    const second = step.item.kind === "Pod" && this.#steps.slice(begin).some(({ item }) => item.kind === "Pod");
    this.#steps.push(step);
    if (together && !second) this.#moments[this.#moments.length - 1] = this.#steps.length;
    else this.#moments.push(this.#steps.length);
    if (this.#steps.length > STEPS_KEPT) this.#forget();
  }

  /** The oldest moment becomes part of the beginning. */
  #forget(): void {
    const gone = this.#moments.shift() ?? 0;
    for (const step of this.#steps.splice(0, gone)) take(this.#base, step);
    this.#moments = this.#moments.map((end) => end - gone);
  }
}

function take(items: Map<string, Item>, step: Step): void {
  if (step.change === "deleted") items.delete(step.item.uid);
  else items.set(step.item.uid, step.item);
}

/** From one list of items to the next. The store keeps an item as it is until it changes, so a look suffices. */
export function differences(before: readonly Item[], after: readonly Item[], t: number): Step[] {
  const known = new Map(before.map((item) => [item.uid, item]));
  const steps: Step[] = [];
  for (const item of after) {
    const old = known.get(item.uid);
    known.delete(item.uid);
    if (old === undefined) steps.push({ t, change: "added", item });
    else if (old !== item && !alike(old, item)) steps.push({ t, change: "modified", item });
  }
  return [...[...known.values()].map((item): Step => ({ t, change: "deleted", item })), ...steps];
}

function alike(a: Item, b: Item): boolean {
  return a.resourceVersion === b.resourceVersion && a.state === b.state;
}
