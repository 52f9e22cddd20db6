import { movedAway, newest, underWay } from "../attempt-state";
import type { Server } from "../server";
import type { Attempt } from "../wire";

const QUIET = 4_000; // milliseconds without news of a submission that is under way: the page asks by itself

/**
 * The newest state of this exercise, by socket or by fetch, and whether the sandbox still serves it.
 * Fires `attempt` after each change and `away` (detail: boolean) when the sandbox comes or goes.
 */
export class AttemptFollower extends EventTarget {
  #exercise: string;
  #server: Server;
  #known: Attempt | null;
  #away = false;
  #heard = 0;

  constructor(exercise: string, server: Server, known: Attempt | null) {
    super();
    this.#exercise = exercise;
    this.#server = server;
    this.#known = known;
    this.#away = known?.state === "set-aside";
  }

  get attempt(): Attempt | null {
    return this.#known;
  }

  get away(): boolean {
    return this.#away;
  }

  take(told: Attempt): void {
    if (told.exercise === this.#exercise) {
      this.#heard = Date.now();
      const next = newest(this.#known, told);
      if (next !== told) return;
      this.#known = told;
      this.dispatchEvent(new Event("attempt"));
    }
    const away = movedAway(told, this.#exercise);
    if (away !== null && away !== this.#away) {
      this.#away = away;
      this.dispatchEvent(new CustomEvent("away", { detail: away }));
    }
  }

  /** Asks when a submission is under way and nobody told anything for a while: a lost message must not strand a page. */
  async lookIfQuiet(now = Date.now()): Promise<void> {
    if (underWay(this.#known?.submission) && now - this.#heard >= QUIET) await this.look();
  }

  async look(): Promise<void> {
    try {
      this.take(await this.#server.state());
    } catch {
      this.#heard = Date.now(); // the socket tells when the line is back
    }
  }
}
