import { FileChosenEvent } from "../file-tabs/file-tabs-element";
import type { LabTerminalElement, TerminalFileEvent } from "../lab-terminal/lab-terminal-element";
import type { YamlEditorElement } from "../yaml-editor/yaml-editor-element";
import type { Panes } from "./panes";

const KEY = "terminal";
// A glob, so that the page is whole in a build without the terminal.
const elements = import.meta.glob("../lab-terminal/define.ts");

/** The terminal's pane: a bar until it is opened; `<lab-terminal>` and its code come with the first opening. */
export class TerminalMount {
  #root: HTMLElement;
  #opener: HTMLButtonElement;
  #attempt = "";

  constructor(root: HTMLElement, panes: Panes) {
    this.#root = root;
    this.#opener = root.querySelector<HTMLButtonElement>('[data-do="terminal"]')!;
    this.#opener.addEventListener("click", () => this.toggle());
    panes.addEventListener("shown", (event) => {
      if ((event as CustomEvent<string>).detail === "terminal") this.open();
    });
    panes.addEventListener("gone", (event) => {
      if ((event as CustomEvent<string>).detail === "terminal") void this.#write();
    });
    root.addEventListener("terminal-file", (event) => this.#written(event as TerminalFileEvent));
    this.#say();
  }

  get isOpen(): boolean {
    return document.documentElement.dataset["terminal"] === "open";
  }

  /** The attempt whose sandbox it works in; known once the server has answered. */
  set attempt(id: string) {
    this.#attempt = id;
    this.#root.querySelector("lab-terminal")?.setAttribute("attempt-id", id);
    if (this.isOpen) void this.#grow();
  }

  open(): void {
    document.documentElement.dataset["terminal"] = "open";
    this.#remember("open");
    this.#say();
    void this.#grow();
  }

  toggle(): void {
    if (!this.isOpen) {
      this.open();
      void this.#write();
      return;
    }
    delete document.documentElement.dataset["terminal"];
    this.#remember("closed");
    this.#say();
  }

  /** Puts the keyboard into it, once its code has come. A finger brings its own keyboard out, when it touches. */
  async #write(): Promise<void> {
    await this.#grow();
    const here = document.activeElement;
    const elsewhere = here !== document.body && !this.#root.querySelector("#pane-terminal")?.contains(here);
    if (elsewhere) return; // somebody has gone on while the code was on its way
    if (window.matchMedia("(pointer: fine)").matches) this.#root.querySelector<LabTerminalElement>("lab-terminal")?.focus();
  }

  #say(): void {
    this.#opener.setAttribute("aria-expanded", String(this.isOpen));
  }

  #remember(state: string): void {
    try {
      localStorage.setItem(KEY, state);
    } catch {
      // it holds for this visit then
    }
  }

  async #grow(): Promise<void> {
    const place = this.#root.querySelector<HTMLElement>("[data-terminal-place]")!;
    const load = Object.values(elements)[0];
    if (!load || !this.#attempt) return;
    await load();
    if (place.querySelector("lab-terminal")) return;
    const terminal = document.createElement("lab-terminal") as LabTerminalElement;
    terminal.setAttribute("attempt-id", this.#attempt);
    terminal.setAttribute("socket-url", this.#root.getAttribute("terminal-socket") ?? "");
    terminal.setAttribute("schema-url", this.#schemas());
    terminal.files = () => this.#editor.texts;
    place.append(terminal);
  }

  get #editor(): YamlEditorElement {
    return this.#root.querySelector<YamlEditorElement>("yaml-editor")!;
  }

  #schemas(): string {
    const urls = JSON.parse(document.getElementById("urls")?.textContent ?? "{}") as { schema?: string };
    return urls.schema ?? "";
  }

  /** A command wrote a file: the editor has it from now on, and shows it. */
  #written({ file, text }: TerminalFileEvent): void {
    this.#editor.write(file, text);
    this.#editor.dispatchEvent(new FileChosenEvent(file));
  }
}
