import type { Texts } from "../draft-saver";
import type { Problem } from "../wire";
import { word } from "../words";
import type { Editor } from "./codemirror";

/** A file's text was changed, by whomever. */
export class TextChangedEvent extends Event {
  constructor(readonly file: string) {
    super("text-changed", { bubbles: true });
  }
}

/**
 * The answer's files, one of them in view. The page brings a <textarea>; CodeMirror takes its place when it has come,
 * and the textarea stays where it cannot come. Fires `text-changed` and `hand-in` (Ctrl or Cmd with Enter).
 */
export class YamlEditorElement extends HTMLElement {
  #editor: Editor | null = null;
  #texts: Texts = {};
  #active = "";
  #problems: readonly Problem[] = [];

  connectedCallback(): void {
    const area = this.#area;
    area.addEventListener("input", () => this.#changed(this.#active));
    area.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Once: the files in their order, the first one in view, and where schemas are fetched. */
  open(texts: Texts, schemas: string): void {
    this.#texts = { ...texts };
    this.#active = Object.keys(texts)[0] ?? "";
    this.#texts[this.#active] = this.#area.value || this.#texts[this.#active]!; // typed before the code came
    this.#grow(schemas).catch(() => undefined); // without CodeMirror the textarea does
  }

  get texts(): Texts {
    if (this.#editor) return this.#editor.texts;
    return { ...this.#texts, [this.#active]: this.#area.value };
  }

  get active(): string {
    return this.#active;
  }

  set active(file: string) {
    if (file === this.#active) return;
    this.#texts = this.texts;
    this.#active = file;
    if (this.#editor) this.#editor.open(file);
    else this.#area.value = this.#texts[file] ?? "";
  }

  /** One step for undo, so that nothing a student typed is ever out of reach. */
  write(file: string, text: string): void {
    this.#texts[file] = text;
    if (this.#editor) this.#editor.write(file, text);
    else if (file === this.#active) this.#area.value = text;
    if (!this.#editor || file !== this.#active) this.#changed(file); // CodeMirror tells of what is in view
  }

  /** Marked at their lines until the line is changed. */
  set problems(problems: readonly Problem[]) {
    this.#problems = problems;
    this.#editor?.mark(problems);
  }

  show(line: number, column: number): void {
    if (this.#editor) this.#editor.show(line, column);
    else this.#area.focus();
  }

  async compare(originals: Texts | null): Promise<void> {
    await this.#editor?.compare(originals);
  }

  async format(): Promise<boolean> {
    return (await this.#editor?.format()) ?? false;
  }

  search(): void {
    this.#editor?.search();
  }

  get #area(): HTMLTextAreaElement {
    return this.querySelector("textarea")!;
  }

  async #grow(schemas: string): Promise<void> {
    const { openEditor } = await import("./codemirror");
    const area = this.#area;
    const focused = document.activeElement === area;
    this.#editor = openEditor(this, this.texts, this.#active, {
      label: word("editor.label"),
      schemas,
      changed: (file) => this.#changed(file),
      handIn: () => this.#fire(new Event("hand-in", { bubbles: true })),
    });
    area.hidden = true;
    this.#editor.mark(this.#problems);
    if (focused) this.#editor.show(1, 1);
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.#fire(new Event("hand-in", { bubbles: true }));
  }

  #changed(file: string): void {
    this.#fire(new TextChangedEvent(file));
  }

  #fire(event: Event): void {
    this.dispatchEvent(event);
  }
}
