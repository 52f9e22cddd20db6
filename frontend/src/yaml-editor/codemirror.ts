import { closeBrackets } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import type { Texts } from "../draft-saver";
import type { Problem } from "../wire";
import { SchemaClient } from "../yaml-schema/client";
import { assist } from "./assist";
import { colours } from "./colours";
import { phrases } from "./phrases";
import { markProblems, problemLines } from "./problem-lines";
import { replacing } from "./replacing";

export interface Editor {
  readonly texts: Texts;
  open(file: string): void;
  /** One step for undo. */
  write(file: string, text: string): void;
  mark(problems: readonly Problem[]): void;
  show(line: number, column: number): void;
  /** The active file's differences from what it was; null: plain again. */
  compare(originals: Texts | null): Promise<void>;
  /** Whether it could be formatted. */
  format(): Promise<boolean>;
  search(): void;
}

export interface Wishes {
  label: string;
  schemas: string; // where the cluster's schemas are fetched
  changed(file: string): void;
  handIn(): void;
}

/** CodeMirror in `parent`: one view, and a state with its own history for each file. */
export function openEditor(parent: HTMLElement, texts: Texts, active: string, wishes: Wishes): Editor {
  return new Files(parent, texts, active, wishes);
}

class Files implements Editor {
  #view: EditorView;
  #active: string;
  #states = new Map<string, EditorState>();
  #comparison = new Compartment();
  #originals: Texts | null = null;
  #schemas: SchemaClient;
  #wishes: Wishes;

  constructor(parent: HTMLElement, texts: Texts, active: string, wishes: Wishes) {
    this.#wishes = wishes;
    this.#schemas = new SchemaClient(wishes.schemas);
    for (const [file, doc] of Object.entries(texts)) this.#states.set(file, this.#state(doc));
    this.#active = active;
    this.#view = new EditorView({ parent, state: this.#states.get(active)! });
    // Lines are as high as the font makes them, and the font may come after the editor.
    document.fonts.addEventListener("loadingdone", () => this.#view.requestMeasure());
  }

  get texts(): Texts {
    this.#states.set(this.#active, this.#view.state);
    return Object.fromEntries([...this.#states].map(([file, state]) => [file, state.doc.toString()]));
  }

  open(file: string): void {
    this.#states.set(this.#active, this.#view.state);
    if (!this.#states.has(file)) this.#states.set(file, this.#state(""));
    this.#active = file;
    this.#view.setState(this.#states.get(file)!);
    void this.compare(this.#originals);
  }

  write(file: string, text: string): void {
    const state = file === this.#active ? this.#view.state : this.#states.get(file);
    if (!state) {
      this.#states.set(file, this.#state(text));
      return;
    }
    const changes = replacing(state.doc.toString(), text);
    if (!changes) return;
    if (file === this.#active) this.#view.dispatch({ changes, userEvent: "input.replace" });
    else this.#states.set(file, state.update({ changes, userEvent: "input.replace" }).state);
  }

  mark(problems: readonly Problem[]): void {
    for (const [file, state] of this.#states) {
      const own = problems.filter((problem) => problem.file === "" || problem.file === file);
      const effects = markProblems.of(own);
      if (file === this.#active) this.#view.dispatch({ effects });
      else this.#states.set(file, state.update({ effects }).state);
    }
  }

  show(line: number, column: number): void {
    const { doc } = this.#view.state;
    const found = doc.line(Math.min(Math.max(line, 1), doc.lines));
    const at = Math.min(found.from + Math.max(column - 1, 0), found.to);
    this.#view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    this.#view.focus();
  }

  async compare(originals: Texts | null): Promise<void> {
    this.#originals = originals;
    const original = originals?.[this.#active];
    const extension = original === undefined ? [] : (await import("./comparing")).against(original);
    if (this.#originals === originals) this.#view.dispatch({ effects: this.#comparison.reconfigure(extension) });
  }

  async format(): Promise<boolean> {
    const before = this.#view.state.doc.toString();
    const text = await this.#schemas.format(before);
    if (text === null) return false;
    if (this.#view.state.doc.toString() === before) this.write(this.#active, text); // nobody typed meanwhile
    return true;
  }

  search(): void {
    openSearchPanel(this.#view);
  }

  #state(doc: string): EditorState {
    return EditorState.create({ doc, extensions: this.#extensions() });
  }

  #extensions(): Extension {
    const { label, handIn, changed } = this.#wishes;
    const submit = (): boolean => (handIn(), true);
    const tidy = (): boolean => (void this.format(), true);
    return [
      EditorView.cspNonce.of(nonce()),
      EditorState.phrases.of(phrases()),
      // before the default, which opens a line
      keymap.of([{ key: "Mod-Enter", run: submit }, { key: "Shift-Alt-f", run: tidy }]),
      basics,
      assist(this.#schemas),
      this.#comparison.of([]),
      EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", autocapitalize: "off" }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) changed(this.#active);
      }),
    ];
  }
}

const basics: Extension = [
  lineNumbers(),
  foldGutter(),
  highlightSpecialChars(),
  history(),
  drawSelection(),
  indentOnInput(),
  indentUnit.of("  "),
  EditorState.tabSize.of(2),
  bracketMatching(),
  closeBrackets(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSelectionMatches(),
  search({ top: true }),
  yaml(),
  colours,
  problemLines,
  EditorView.lineWrapping,
  keymap.of([...searchKeymap, ...defaultKeymap, ...historyKeymap, ...foldKeymap, indentWithTab]), // Escape, then Tab, leaves
];

/** Browsers hide the attribute and keep the property. */
function nonce(): string {
  return document.querySelector<HTMLElement>("script[nonce]")?.nonce ?? "";
}
