import { solved } from "../attempt-state";
import type { Attempt } from "../wire";

/** What is shown when every requirement holds: quietly where it was so already, with a little joy where it is new. */
export class Celebration {
  #place: HTMLElement | null;
  #was: boolean;

  constructor(root: HTMLElement, was: boolean) {
    this.#place = root.querySelector<HTMLElement>("[data-solved]");
    this.#was = was;
  }

  show(attempt: Attempt): void {
    const is = solved(attempt);
    if (!this.#place) return;
    if (is && !this.#was) this.#place.classList.add("solved--new");
    this.#place.hidden = !is;
    this.#was = is;
  }
}
