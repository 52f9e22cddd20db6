import type { Sandbox } from "../wire";
import { word } from "../words";
import type { Notices } from "./notices";

const WARN = 15 * 60_000; // milliseconds before it is closed
const LOOK = 10_000;

/** "3 h 40 min", "12 min": how long is left, in the page's language. */
export function span(milliseconds: number, language: string): string {
  const minutes = Math.max(0, Math.ceil(milliseconds / 60_000));
  const unit = (value: number, name: "hour" | "minute"): string =>
    new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "short" }).format(value);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return unit(minutes, "minute");
  return minutes % 60 === 0 ? unit(hours, "hour") : `${unit(hours, "hour")} ${unit(minutes % 60, "minute")}`;
}

/** How the sandbox stands: its remaining time, a warning before it is closed, and a way back after that. */
export class SandboxStanding {
  #place: HTMLElement | null;
  #notices: Notices;
  #sandbox: Sandbox | null = null;
  #pulse: number;

  constructor(root: HTMLElement, notices: Notices) {
    this.#place = root.querySelector<HTMLElement>('[data-says="time"]');
    this.#notices = notices;
    this.#pulse = window.setInterval(() => this.#show(), LOOK);
  }

  stop(): void {
    window.clearInterval(this.#pulse);
  }

  set sandbox(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    this.#show();
  }

  #show(): void {
    if (!this.#sandbox) return;
    const { state, expires } = this.#sandbox;
    const left = Date.parse(expires) - Date.now();
    const closed = state === "gone" || state === "closing" || (state === "ready" && left < -60_000);
    this.#notices.set("closed", closed);
    const lives = state === "ready" || state === "resetting";
    const words = span(left, document.documentElement.lang);
    this.#say(this.#place, lives && !closed ? word("sandbox.left", { time: words }) : "");
    this.#notices.soon(lives && !closed && left < WARN ? word("sandbox.soon", { time: words }) : "");
  }

  #say(place: HTMLElement | null, words: string): void {
    if (place && place.textContent !== words) place.textContent = words;
  }
}
