import type { Change, EventItem, Happened, HubStarted, Item, Snapshot } from "./wire";

export type ClusterMessage = Snapshot | Change | Happened | HubStarted;
type Step = Change | Happened;

const EVENTS_KEPT = 100;
const STEPS_KEPT = 500; // while a snapshot is on its way; more means that something else is wrong

/**
 * The namespace as this page knows it: a snapshot and the steps after it.
 * A step that does not follow (a gap, another epoch) is kept, and a new snapshot is asked for.
 */
export class ClusterStore {
  #epoch = "";
  #version = -1;
  #items = new Map<string, Item>();
  #events = new Map<string, EventItem>();
  #early: Step[] = [];
  #asking = true; // the server sends the first snapshot by itself

  get items(): Item[] {
    return [...this.#items.values()];
  }

  /** Newest first. */
  get events(): EventItem[] {
    return [...this.#events.values()].reverse().sort(newestFirst); // of one second: the one that was told last
  }

  /** Nothing is known yet. */
  get empty(): boolean {
    return this.#version < 0;
  }

  /** The socket was opened anew: a snapshot comes, whatever was asked before. */
  expectSnapshot(): void {
    this.#asking = true;
    this.#early = [];
  }

  /** Takes a message in. "resync": the page must ask for a snapshot. */
  take(message: ClusterMessage): "changed" | "same" | "resync" {
    if (message.type === "hub") return this.#ask();
    if (message.type === "snapshot") return this.#begin(message);
    if (this.#asking) return this.#keep(message);
    if (message.epoch === this.#epoch && message.version <= this.#version) return "same";
    if (this.#follows(message)) {
      this.#step(message);
      return "changed";
    }
    this.#keep(message);
    return this.#ask();
  }

  #follows(step: Step): boolean {
    return step.epoch === this.#epoch && step.version === this.#version + 1;
  }

  #ask(): "resync" {
    this.#asking = true;
    return "resync";
  }

  #keep(step: Step): "same" {
    if (this.#early.length < STEPS_KEPT) this.#early.push(step);
    return "same";
  }

  #begin(snapshot: Snapshot): "changed" | "resync" {
    this.#epoch = snapshot.epoch;
    this.#version = snapshot.version;
    this.#items = new Map(snapshot.items.map((item) => [item.uid, item]));
    this.#events = new Map(snapshot.events.map((event) => [event.uid, event]));
    this.#asking = false;
    const early = this.#early.filter((step) => step.epoch === this.#epoch && step.version > this.#version);
    this.#early = [];
    for (const step of early) if (this.take(step) === "resync") return "resync";
    return "changed";
  }

  #step(step: Step): void {
    this.#version = step.version;
    if (step.type === "event") this.#remember(step.event);
    else if (step.change === "deleted") this.#items.delete(step.item.uid);
    else this.#items.set(step.item.uid, step.item);
  }

  #remember(event: EventItem): void {
    this.#events.delete(event.uid); // a repeated one moves to the end
    this.#events.set(event.uid, event);
    if (this.#events.size <= EVENTS_KEPT) return;
    const oldest = this.events.at(-1);
    if (oldest) this.#events.delete(oldest.uid);
  }
}

function newestFirst(a: EventItem, b: EventItem): number {
  return b.last.localeCompare(a.last);
}
