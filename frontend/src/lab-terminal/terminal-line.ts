import { pause } from "../live-socket";
import type { PageToTerminal, TerminalToPage } from "../terminal-wire";

export type Standing = "connecting" | "open" | "lost" | "expired" | "moved" | "tooMany";

const ENDS: Record<number, Standing> = { 4401: "expired", 4409: "moved", 4429: "tooMany" };
const SAY_SO_AFTER = 1_000; // a short break is nobody's business

/**
 * The terminal's websocket, made anew when it drops.
 * Fires `message` (detail: TerminalToPage), `standing` (detail: Standing), `open` after each connect.
 */
export class TerminalLine extends EventTarget {
  #url: string;
  #socket: WebSocket | null = null;
  #tries = 0;
  #retry = 0;
  #told = 0;

  constructor(url: string) {
    super();
    this.#url = url;
  }

  connect(): void {
    window.clearTimeout(this.#retry);
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => {
      this.#tries = 0;
      window.clearTimeout(this.#told);
      this.#told = 0;
      this.#tell("standing", "open" satisfies Standing);
      this.#tell("open", null);
    };
    socket.onmessage = (event) => this.#tell("message", JSON.parse(String(event.data)) as TerminalToPage);
    socket.onclose = (event) => this.#lost(socket, event.code);
  }

  /** For good, unless somebody connects again. */
  close(): void {
    const socket = this.#socket;
    this.#socket = null;
    window.clearTimeout(this.#retry);
    window.clearTimeout(this.#told);
    socket?.close();
  }

  send(message: PageToTerminal): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** When a laptop wakes up or a page comes back: not after the whole pause. */
  hurry(): void {
    if (this.#socket === null || this.#socket.readyState !== WebSocket.CLOSED) return;
    this.connect();
  }

  #lost(socket: WebSocket, code: number): void {
    if (socket !== this.#socket) return;
    const end = ENDS[code];
    if (end) {
      window.clearTimeout(this.#told);
      this.#told = 0;
      this.#tell("standing", end);
      return;
    }
    this.#told ||= window.setTimeout(() => this.#tell("standing", "lost" satisfies Standing), SAY_SO_AFTER);
    this.#retry = window.setTimeout(() => this.connect(), pause(this.#tries++, Math.random()));
  }

  #tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
