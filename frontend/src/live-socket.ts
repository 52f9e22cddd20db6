import type { FromPage, ToPage } from "./wire";

export type Line = "connecting" | "open" | "lost" | "expired";

export interface Surroundings {
  open(url: string): WebSocket;
  random(): number;
  later(run: () => void, milliseconds: number): number;
  forget(timer: number): void;
}

const SESSION_ENDED = 4401;
const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 15_000;
const SAY_SO_AFTER = 1_000; // a short break is nobody's business
const SILENCE = 45_000; // then the page asks, and finds out whether anybody is there
const ANSWER = 10_000;

/** How long to wait before the next try: doubled each time, and spread so that a class does not come back as one. */
export function pause(tries: number, random: number): number {
  return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** tries) * (0.5 + random / 2);
}

/**
 * A websocket that stays.
 * Fires `message` (detail: ToPage), `line` (detail: Line), `open` after each connect.
 */
export class LiveSocket extends EventTarget {
  #url: string;
  #around: Surroundings;
  #socket: WebSocket | null = null;
  #tries = 0;
  #silence = 0;
  #told = 0;
  #retry = 0;
  #closed = false;

  constructor(url: string, around: Surroundings = browser) {
    super();
    this.#url = url;
    this.#around = around;
  }

  connect(): void {
    this.#closed = false;
    this.#around.forget(this.#retry);
    const socket = this.#around.open(this.#url);
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = (event) => this.#heard(event);
    socket.onclose = (event) => this.#lost(socket, event.code);
    this.#watch(SILENCE);
  }

  /** For good: the page is left. */
  close(): void {
    this.#closed = true;
    for (const timer of [this.#silence, this.#told, this.#retry]) this.#around.forget(timer);
    this.#socket?.close();
    this.#socket = null;
  }

  send(message: FromPage): void {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(message));
  }

  /** Looks whether the line still holds, e.g. when a laptop wakes up. */
  check(): void {
    if (this.#socket?.readyState !== 1) return;
    this.send({ type: "resync" });
    this.#watch(ANSWER, true);
  }

  #opened(): void {
    this.#tries = 0;
    this.#around.forget(this.#told);
    this.#told = 0;
    this.#tell("line", "open" satisfies Line);
    this.#tell("open", null);
  }

  #heard(event: MessageEvent): void {
    this.#watch(SILENCE);
    this.#tell("message", JSON.parse(String(event.data)) as ToPage);
  }

  #watch(milliseconds: number, last = false): void {
    this.#around.forget(this.#silence);
    this.#silence = this.#around.later(() => (last ? this.#giveUp() : this.check()), milliseconds);
  }

  #giveUp(): void {
    const socket = this.#socket;
    if (!socket) return;
    socket.onclose = null;
    socket.close();
    this.#lost(socket, 0);
  }

  #lost(socket: WebSocket, code: number): void {
    if (socket !== this.#socket || this.#closed) return;
    this.#socket = null;
    this.#around.forget(this.#silence);
    if (code === SESSION_ENDED) {
      this.#around.forget(this.#told);
      this.#tell("line", "expired" satisfies Line);
      return;
    }
    if (!this.#told) this.#told = this.#around.later(() => this.#tell("line", "lost" satisfies Line), SAY_SO_AFTER);
    this.#retry = this.#around.later(() => this.connect(), pause(this.#tries++, this.#around.random()));
  }

  #tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

const browser: Surroundings = {
  open: (url) => new WebSocket(url),
  random: Math.random,
  later: (run, milliseconds) => window.setTimeout(run, milliseconds),
  forget: (timer) => window.clearTimeout(timer),
};
