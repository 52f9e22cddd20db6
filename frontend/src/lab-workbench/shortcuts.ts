import type { Pane, Panes } from "./panes";
import type { TerminalMount } from "./terminal-mount";

const KEY = "single-keys";
const PLACES: Record<string, Pane> = { l: "lesson", e: "editor", t: "terminal", r: "checks", c: "cluster" };
const PATIENCE = 1_500; // milliseconds between g and its letter

/** The page's keys. Those of single letters keep quiet where somebody writes, and can be switched off. */
export class Shortcuts {
  #dialog: HTMLDialogElement;
  #panes: Panes;
  #terminal: TerminalMount;
  #going = 0;

  constructor(root: HTMLElement, panes: Panes, terminal: TerminalMount) {
    this.#panes = panes;
    this.#terminal = terminal;
    this.#dialog = root.querySelector<HTMLDialogElement>("dialog[data-shortcuts]")!;
    const choice = this.#dialog.querySelector<HTMLInputElement>("[data-single-keys]")!;
    choice.checked = this.#single;
    choice.addEventListener("change", () => localStorage.setItem(KEY, choice.checked ? "on" : "off"));
    for (const button of document.querySelectorAll('[data-do="shortcuts"]')) {
      button.addEventListener("click", () => this.#dialog.showModal());
    }
    document.addEventListener("keydown", this.#key);
  }

  stop(): void {
    document.removeEventListener("keydown", this.#key);
  }

  get #single(): boolean {
    try {
      return localStorage.getItem(KEY) !== "off";
    } catch {
      return true;
    }
  }

  #key = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (this.#anywhere(event) || (this.#letters(event) && this.#letter(event.key))) event.preventDefault();
  };

  #anywhere(event: KeyboardEvent): boolean {
    if (event.key === "F6") this.#panes.step(event.shiftKey ? -1 : 1);
    else if (event.key === "`" && event.ctrlKey) this.#toggleTerminal();
    else return false;
    return true;
  }

  #toggleTerminal(): void {
    if (this.#terminal.isOpen && this.#panes.here === "terminal") {
      this.#terminal.toggle();
      this.#panes.go("editor");
    } else this.#panes.go("terminal");
  }

  #letters(event: KeyboardEvent): boolean {
    const writing = (event.target as Element).closest("input, textarea, select, [contenteditable]:not([contenteditable='false'])");
    return this.#single && !writing && !event.ctrlKey && !event.metaKey && !event.altKey;
  }

  #letter(key: string): boolean {
    if (key === "?") this.#dialog.showModal();
    else if (key === "g") this.#going = Date.now();
    else if (Date.now() - this.#going < PATIENCE) return this.#go(key);
    else return false;
    return true;
  }

  #go(key: string): boolean {
    this.#going = 0;
    const pane = PLACES[key];
    if (pane) this.#panes.go(pane);
    else if (key === "m") this.#panes.enlarge(this.#panes.here);
    else return false;
    return true;
  }
}
