import type { Problem } from "../wire";
import { word } from "../words";
import type { Editor } from "./codemirror";

/**
 * A text of YAML. The page brings a <textarea>; CodeMirror takes its place when it has come, and the textarea stays
 * where it cannot come. Fires `text-changed` and `hand-in` (Ctrl or Cmd with Enter).
 */
export class YamlEditorElement extends HTMLElement {
  #editor: Editor | null = null;
  #problems: readonly Problem[] = [];

  connectedCallback(): void {
    if (this.#editor) return;
    const area = this.#area;
    area.addEventListener("input", () => this.#fire("text-changed"));
    area.addEventListener("keydown", (event) => this.#key(event));
    this.#grow().catch(() => undefined); // without CodeMirror the textarea does
  }

  get text(): string {
    return this.#editor?.text ?? this.#area.value;
  }

  /** One step for undo, so that nothing a student typed is ever out of reach. */
  set text(text: string) {
    if (this.#editor) this.#editor.text = text;
    else {
      this.#area.value = text;
      this.#fire("text-changed");
    }
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

  get #area(): HTMLTextAreaElement {
    return this.querySelector("textarea")!;
  }

  async #grow(): Promise<void> {
    const { openEditor } = await import("./codemirror");
    const area = this.#area;
    const focused = document.activeElement === area;
    this.#editor = openEditor(this, area.value, {
      label: word("editor.label"),
      changed: () => this.#fire("text-changed"),
      handIn: () => this.#fire("hand-in"),
    });
    area.hidden = true;
    this.#editor.mark(this.#problems);
    if (focused) this.#editor.show(1, 1);
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.#fire("hand-in");
  }

  #fire(type: string): void {
    this.dispatchEvent(new Event(type, { bubbles: true }));
  }
}
