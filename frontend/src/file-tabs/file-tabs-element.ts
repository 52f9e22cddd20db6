import { html, LitElement, nothing, type TemplateResult } from "lit";
import { word } from "../words";

/** A student wants to see another file. */
export class FileChosenEvent extends Event {
  constructor(readonly file: string) {
    super("file-chosen", { bubbles: true });
  }
}

/** The files of the answer as tabs; nothing where there is only one. `own`: those that a submission applies. */
export class FileTabsElement extends LitElement {
  static override properties = {
    files: { attribute: false },
    own: { attribute: false },
    active: { attribute: false },
    wrong: { attribute: false },
  };
  declare files: string[];
  declare own: string[];
  declare active: string;
  declare wrong: ReadonlySet<string>;

  constructor() {
    super();
    this.files = [];
    this.own = [];
    this.active = "";
    this.wrong = new Set();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.files.length < 2) return nothing;
    return html`<div class="files" role="tablist" aria-label=${word("files.label")} @keydown=${this.#key}>
      ${this.files.map((file) => this.#tab(file))}
    </div>`;
  }

  #tab(file: string): TemplateResult {
    const active = file === this.active;
    const note = !this.own.includes(file);
    return html`<button
      class="files__tab"
      type="button"
      role="tab"
      aria-selected=${active ? "true" : "false"}
      aria-controls="editor-place"
      tabindex=${active ? 0 : -1}
      title=${note ? word("files.note") : nothing}
      ?data-note=${note}
      ?data-wrong=${this.wrong.has(file)}
      @click=${() => this.#choose(file)}
    >${file}${this.wrong.has(file) ? html`<span class="unseen">, ${word("files.wrong")}</span>` : nothing}${note
        ? html`<span class="unseen">, ${word("files.note")}</span>`
        : nothing}</button>`;
  }

  #choose(file: string): void {
    this.dispatchEvent(new FileChosenEvent(file));
  }

  #key = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const next = this.files[(this.files.indexOf(this.active) + by + this.files.length) % this.files.length]!;
    this.#choose(next);
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
  };
}
