import { History } from "../cluster-map/history";
import type { Item, Note, Scene as Recorded } from "../wire";

const LEAST = 550; // milliseconds between two moments: a cluster may be quicker than eyes
const MOST = 1_800;

/** A recorded scene as moments, played slowly enough to be followed and never boringly. */
export class Scene {
  #history = new History();
  #notes: readonly Note[];

  /** Throws where it is none. */
  constructor(recorded: Recorded) {
    if (recorded.format !== 1) throw new Error(`unknown format ${recorded.format}`);
    this.#history.load({ base: recorded.items, steps: recorded.steps });
    this.#notes = [...recorded.notes].sort((a, b) => a.t - b.t);
  }

  /** The last moment; 0 is the beginning. */
  get end(): number {
    return this.#history.length;
  }

  at(moment: number): Item[] {
    return this.#history.at(moment);
  }

  /** How long a moment is looked at before the next one. */
  pause(moment: number): number {
    const gap = moment === 0 ? LEAST : this.#history.time(moment + 1) - this.#history.time(moment);
    return Math.min(MOST, Math.max(LEAST, gap));
  }

  /** What is to be said about a moment: the newest note up to then. */
  note(moment: number, language: string): string {
    const time = moment === 0 ? 0 : this.#history.time(moment);
    const note = this.#notes.filter(({ t }) => t <= time).at(-1);
    return note ? (language.startsWith("ko") ? note.ko : note.en) : "";
  }
}
