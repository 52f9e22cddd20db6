import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import type { Problem } from "../wire";
import { colours } from "./colours";
import { markProblems, problemLines } from "./problem-lines";

export interface Editor {
  text: string;
  mark(problems: readonly Problem[]): void;
  show(line: number, column: number): void;
}

interface Wishes {
  label: string;
  changed(): void;
  handIn(): void;
}

/** CodeMirror in `parent`. Its style elements carry the page's nonce. */
export function openEditor(parent: HTMLElement, text: string, wishes: Wishes): Editor {
  const view = new EditorView({ parent, state: EditorState.create({ doc: text, extensions: extensions(wishes) }) });
  // Lines are as high as the font makes them, and the font may come after the editor.
  document.fonts.addEventListener("loadingdone", () => view.requestMeasure());
  return {
    get text() {
      return view.state.doc.toString();
    },
    set text(insert: string) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert }, userEvent: "input.replace" });
    },
    mark: (problems) => view.dispatch({ effects: markProblems.of(problems) }),
    show: (line, column) => show(view, line, column),
  };
}

function extensions(wishes: Wishes) {
  const handIn = (): boolean => (wishes.handIn(), true);
  return [
    EditorView.cspNonce.of(nonce()),
    keymap.of([{ key: "Mod-Enter", run: handIn }]), // before the default, which opens a line
    lineNumbers(),
    foldGutter(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of("  "),
    EditorState.tabSize.of(2),
    bracketMatching(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    yaml(),
    colours,
    problemLines,
    EditorView.lineWrapping,
    keymap.of([...defaultKeymap, ...historyKeymap, ...foldKeymap, indentWithTab]), // Escape, then Tab, leaves
    EditorView.contentAttributes.of({ "aria-label": wishes.label, spellcheck: "false", autocapitalize: "off" }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) wishes.changed();
    }),
  ];
}

function show(view: EditorView, line: number, column: number): void {
  const { doc } = view.state;
  const found = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const at = Math.min(found.from + Math.max(column - 1, 0), found.to);
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
  view.focus();
}

/** Browsers hide the attribute and keep the property. */
function nonce(): string {
  return document.querySelector<HTMLElement>("script[nonce]")?.nonce ?? "";
}
