export const PANES = ["lesson", "editor", "terminal", "checks", "cluster"] as const;
export type Pane = (typeof PANES)[number];

const NARROW = "(max-width: 63.99rem)";

/**
 * On a narrow screen one pane shows at a time; on a wide one the stylesheet shows all, and one may be enlarged.
 * Fires `shown` (detail: Pane) when a pane comes into view by somebody's wish, `gone` when the keyboard is to go there.
 */
export class Panes extends EventTarget {
  #root: HTMLElement;
  #narrow = window.matchMedia(NARROW);

  constructor(root: HTMLElement) {
    super();
    this.#root = root;
    for (const button of this.#buttons) {
      button.addEventListener("click", () => this.show(button.dataset["pane"] as Pane));
    }
    for (const button of this.#enlargers) {
      button.addEventListener("click", () => this.enlarge(button.dataset["enlarge"] as Pane));
    }
    this.show("lesson");
  }

  /** Whether a student can see it now. */
  sees(pane: Pane): boolean {
    if (this.#narrow.matches) return this.#root.dataset["shows"] === pane;
    const large = this.#root.dataset["large"];
    return large === undefined || large === pane;
  }

  show(pane: Pane): void {
    this.#root.dataset["shows"] = pane;
    for (const button of this.#buttons) button.setAttribute("aria-pressed", String(button.dataset["pane"] === pane));
    if (!this.sees(pane)) this.#large(null);
    this.dispatchEvent(new CustomEvent("shown", { detail: pane }));
  }

  /** The whole window for one pane; asked again, as before. */
  enlarge(pane: Pane): void {
    this.#large(this.#root.dataset["large"] === pane ? null : pane);
    this.dispatchEvent(new CustomEvent("shown", { detail: pane }));
  }

  /** Shows it and puts the keyboard there. */
  go(pane: Pane): void {
    this.show(pane);
    const place = this.#root.querySelector<HTMLElement>(`#pane-${pane}`);
    const wish = place?.querySelector<HTMLElement>(".cm-content, .xterm-helper-textarea, textarea:not([hidden]), .pane__body");
    wish?.focus({ preventScroll: true });
    if (!place?.contains(document.activeElement)) place?.querySelector("button")?.focus({ preventScroll: true });
    this.dispatchEvent(new CustomEvent("gone", { detail: pane }));
  }

  /** The pane that has the focus, the first one when none has. */
  get here(): Pane {
    return PANES.find((pane) => this.#root.querySelector(`#pane-${pane}`)?.contains(document.activeElement)) ?? "lesson";
  }

  /** The next one round, or the one before. */
  step(by: 1 | -1): void {
    const at = PANES.indexOf(this.here) + by;
    this.go(PANES[(at + PANES.length) % PANES.length]!);
  }

  /** A few characters beside a pane's name, e.g. "2/4". */
  note(pane: Pane, words: string): void {
    const place = this.#root.querySelector(`button[data-pane="${pane}"] .panes__note`);
    if (place) place.textContent = words;
  }

  #large(pane: Pane | null): void {
    if (pane) this.#root.dataset["large"] = pane;
    else delete this.#root.dataset["large"];
    for (const button of this.#enlargers) {
      button.setAttribute("aria-pressed", String(button.dataset["enlarge"] === pane));
    }
  }

  get #buttons(): NodeListOf<HTMLButtonElement> {
    return this.#root.querySelectorAll<HTMLButtonElement>("button[data-pane]");
  }

  get #enlargers(): NodeListOf<HTMLButtonElement> {
    return this.#root.querySelectorAll<HTMLButtonElement>("button[data-enlarge]");
  }
}
