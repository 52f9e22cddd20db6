import type { Item } from "../wire";
import { text } from "./facts";

const BEAT = 150; // milliseconds between two pictures, so that eyes can follow
const MOST_LAG = 1_200; // however much happens at once, the last picture is shown by then

/**
 * The embedded cluster replaces three pods in a tenth of a second: nobody would see how. Pictures that come faster than
 * the beat wait for it; the first one never waits, and a burst is over after `MOST_LAG`.
 */
export class Pace {
  #waiting: { items: Item[]; look: string }[] = [];
  #timer = 0;
  #last = -Infinity;
  #show: (items: Item[]) => void;
  #still: () => boolean;

  constructor(show: (items: Item[]) => void, still: () => boolean) {
    this.#show = show;
    this.#still = still;
  }

  /** How things are now: shown at once, or when its turn comes. */
  offer(items: Item[], now = performance.now()): void {
    const look = looks(items);
    const newest = this.#waiting.at(-1);
    if (this.#still()) this.#waiting = [{ items, look }];
    else if (newest?.look === look) newest.items = items; // no pod looks different: not a picture of its own
    else this.#waiting.push({ items, look });
    if (!this.#timer) this.#plan(now);
  }

  stop(): void {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    this.#waiting = [];
  }

  #plan(now: number): void {
    if (!this.#waiting.length) return;
    const beat = this.#still() ? 0 : Math.min(BEAT, MOST_LAG / this.#waiting.length);
    const pause = this.#last + beat - now;
    if (pause <= 0) this.#next(now);
    else this.#timer = window.setTimeout(() => this.#next(performance.now()), pause);
  }

  #next(now: number): void {
    this.#timer = 0;
    this.#last = now;
    const next = this.#waiting.shift();
    if (next) this.#show(next.items);
    this.#plan(now);
  }
}

/** What eyes follow: which pods there are, where, and how they are. */
function looks(items: readonly Item[]): string {
  let look = "";
  for (const item of items) if (item.kind === "Pod") look += `${item.uid} ${item.state} ${item.reason} ${text(item, "node")};`;
  return look;
}
