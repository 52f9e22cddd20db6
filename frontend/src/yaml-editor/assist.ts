import { autocompletion, type Completion, type CompletionContext, type CompletionResult, completionKeymap, startCompletion } from "@codemirror/autocomplete";
import { type Diagnostic, linter, lintGutter, lintKeymap } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import { EditorView, hoverTooltip, keymap, type Tooltip } from "@codemirror/view";
import type { SchemaClient } from "../yaml-schema/client";
import type { Option } from "../yaml-schema/suggest";
import { documentationKey, documentation } from "./documentation";
import { sentence, typeWords } from "./sentences";

const PAUSE = 350; // milliseconds after the last key before the text is checked

/** Completion, documentation and checking while typing, all asked of the schema worker. */
export function assist(schemas: SchemaClient): Extension {
  return [
    autocompletion({ override: [(context) => complete(context, schemas)], icons: false, activateOnTyping: true }),
    hoverTooltip((view, at) => hover(view, at, schemas), { hoverTime: 400 }),
    documentationKey(schemas),
    linter((view) => diagnose(view, schemas), { delay: PAUSE }),
    lintGutter(),
    keymap.of([...completionKeymap, ...lintKeymap]),
  ];
}

async function complete(context: CompletionContext, schemas: SchemaClient): Promise<CompletionResult | null> {
  const found = await schemas.suggest(context.state.doc.toString(), context.pos);
  if (!found || context.aborted || found.options.length === 0) return null;
  const nothingWritten = found.from === context.pos;
  const afterColon = /[:-] $/.test(context.state.sliceDoc(Math.max(0, context.pos - 2), context.pos));
  if (nothingWritten && !context.explicit && !afterColon) return null;
  return { from: found.from, options: found.options.map(completion), validFor: /^[\w./-]*$/ };
}

function completion(option: Option): Completion {
  return {
    label: option.label,
    detail: `${typeWords(option.type)}${option.required ? " *" : ""}`,
    ...(option.description ? { info: () => documentation({ ...option, path: "", allowed: [] }) } : {}),
    ...(option.required ? { boost: 1 } : {}),
    apply: (view, _, from, to) => put(view, option.insert, from, to),
  };
}

/** Each new line is indented like the one that the word stands in, counted from its key. */
function put(view: EditorView, insert: string, from: number, to: number): void {
  const line = view.state.doc.lineAt(from);
  const indent = " ".repeat(from - line.from);
  const text = insert.replaceAll("\n", `\n${indent}`);
  const colon = view.state.sliceDoc(to, to + 1) === ":" && text.includes(":");
  const whole = colon ? text.slice(0, text.indexOf(":")) : text; // renaming a field that has its colon already
  view.dispatch({ changes: { from, to, insert: whole }, selection: { anchor: from + whole.length }, userEvent: "input.complete" });
  if (/: $|- $|\n\s+$/.test(whole)) startCompletion(view);
}

async function hover(view: EditorView, at: number, schemas: SchemaClient): Promise<Tooltip | null> {
  const found = await schemas.explain(view.state.doc.toString(), at);
  if (!found || at < found.from || at > found.to) return null;
  return { pos: found.from, end: found.to, above: true, create: () => ({ dom: documentation(found) }) };
}

async function diagnose(view: EditorView, schemas: SchemaClient): Promise<Diagnostic[]> {
  const found = await schemas.check(view.state.doc.toString());
  const { length } = view.state.doc;
  return (found ?? []).map(({ from, to, code, places }) => ({
    from: Math.min(from, length),
    to: Math.min(Math.max(to, from), length),
    severity: "error",
    message: sentence(code, places),
  }));
}
