import type { Server } from "../server";
import { word } from "../words";
import type { YamlEditorElement } from "../yaml-editor/yaml-editor-element";
import type { Answer } from "./answer";
import type { Notices } from "./notices";

type With = "start" | "last" | "none";

/** The buttons that compare the text with how it began, or with what was handed in last. One of them at a time. */
export class Comparison {
  #root: HTMLElement;
  #answer: Answer;
  #server: Server;
  #notices: Notices;

  constructor(root: HTMLElement, answer: Answer, server: Server, notices: Notices) {
    this.#root = root;
    this.#answer = answer;
    this.#server = server;
    this.#notices = notices;
    for (const button of this.#buttons) {
      const pressed = (): boolean => button.getAttribute("aria-pressed") === "true";
      button.addEventListener("click", () => void this.#with(pressed() ? "none" : (button.dataset["compare"] as With)));
    }
  }

  /** After a submission the last one is another. */
  async submitted(): Promise<void> {
    if (this.#now === "last") await this.#with("last");
  }

  get #buttons(): NodeListOf<HTMLButtonElement> {
    return this.#root.querySelectorAll<HTMLButtonElement>("button[data-compare]");
  }

  get #now(): With {
    const pressed = [...this.#buttons].find((button) => button.getAttribute("aria-pressed") === "true");
    return (pressed?.dataset["compare"] as With | undefined) ?? "none";
  }

  async #with(what: With): Promise<void> {
    const originals = what === "start" ? this.#answer.start : what === "last" ? await this.#last() : null;
    if (what === "last" && originals === null) return;
    this.#notices.remark("");
    for (const button of this.#buttons) {
      button.setAttribute("aria-pressed", String(button.dataset["compare"] === what));
    }
    await this.#root.querySelector<YamlEditorElement>("yaml-editor")!.compare(originals);
  }

  async #last(): Promise<Record<string, string> | null> {
    try {
      const last = await this.#server.last();
      this.#notices.remark(last === null ? word("compare.none") : "");
      return last;
    } catch {
      this.#notices.remark(word("unreachable"));
      return null;
    }
  }
}
