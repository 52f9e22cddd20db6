import { StateEffect, StateField, type Extension } from "@codemirror/state";
import { EditorView, keymap, showTooltip, type Tooltip } from "@codemirror/view";
import type { SchemaClient } from "../yaml-schema/client";
import type { Explanation } from "../yaml-schema/suggest";
import { word } from "../words";
import { typeWords } from "./sentences";

type Told = Pick<Explanation, "path" | "type" | "required" | "allowed" | "description">;

/** A field's documentation as a small box. */
export function documentation({ path, type, required, allowed, description }: Told): HTMLElement {
  const box = document.createElement("div");
  box.className = "documentation";
  const head = line("p", "documentation__head");
  if (path) head.append(line("code", "", path));
  if (type) head.append(line("span", "", typeWords(type)));
  if (required) head.append(line("strong", "", word("doc.required")));
  box.append(head);
  if (allowed.length) box.append(line("p", "", `${word("doc.allowed")}: ${allowed.join(", ")}`));
  const words = line("p", "documentation__words", description || word("doc.none"));
  if (description) words.lang = "en"; // as the cluster says it
  box.append(words);
  return box;
}

function line(tag: string, name: string, words = ""): HTMLElement {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.textContent = words;
  return element;
}

const told = StateEffect.define<Explanation | null>();

const shown = StateField.define<Explanation | null>({
  create: () => null,
  update(before, transaction) {
    for (const effect of transaction.effects) if (effect.is(told)) return effect.value;
    return transaction.docChanged || transaction.selection ? null : before;
  },
  provide: (field) => showTooltip.from(field, (found) => found && tooltip(found)),
});

/** Read aloud when it appears: the keyboard stays in the text. */
function tooltip(found: Explanation): Tooltip {
  return {
    pos: found.from,
    above: true,
    create: () => {
      const dom = documentation(found);
      dom.setAttribute("role", "status");
      return { dom };
    },
  };
}

/** Ctrl-K: the documentation of the field in this line; again, or Escape: away with it. */
export function documentationKey(schemas: SchemaClient): Extension {
  const toggle = (view: EditorView): boolean => {
    if (hide(view)) return true;
    const at = view.state.selection.main.head;
    void schemas.explain(view.state.doc.toString(), at).then((found) => view.dispatch({ effects: told.of(found) }));
    return true;
  };
  return [shown, keymap.of([{ key: "Mod-k", run: toggle, preventDefault: true }, { key: "Escape", run: hide }])];
}

function hide(view: EditorView): boolean {
  if (!view.state.field(shown, false)) return false;
  view.dispatch({ effects: told.of(null) });
  return true;
}
