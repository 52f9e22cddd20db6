export type Pane = "lesson" | "editor" | "checks" | "cluster";

/** On a narrow screen one pane shows at a time; on a wide one the stylesheet shows all, and this does nothing. */
export class Panes {
  #root: HTMLElement;

  constructor(root: HTMLElement) {
    this.#root = root;
    for (const button of this.#buttons) {
      button.addEventListener("click", () => this.show(button.dataset["pane"] as Pane));
    }
    this.show("lesson");
  }

  show(pane: Pane): void {
    this.#root.dataset["shows"] = pane;
    for (const button of this.#buttons) button.setAttribute("aria-pressed", String(button.dataset["pane"] === pane));
  }

  /** A few characters beside a pane's name, e.g. "2/4". */
  note(pane: Pane, words: string): void {
    const place = this.#root.querySelector(`button[data-pane="${pane}"] .panes__note`);
    if (place) place.textContent = words;
  }

  get #buttons(): NodeListOf<HTMLButtonElement> {
    return this.#root.querySelectorAll<HTMLButtonElement>("button[data-pane]");
  }
}
