import "../yaml-editor/define";
import { word } from "../words";
import type { YamlEditorElement } from "../yaml-editor/yaml-editor-element";

/** `kubectl edit` and `vi`: a text in an editor of its own, saved or given up. Resolves with the text, or null. */
export function editText(host: HTMLElement, name: string, text: string, schemas: string): Promise<string | null> {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog dialog--wide terminal-edit";
  const title = Object.assign(document.createElement("h2"), { id: "terminal-edit-title", textContent: word("terminal.edit", { name }) });
  dialog.setAttribute("aria-labelledby", title.id);
  const editor = document.createElement("yaml-editor") as YamlEditorElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.spellcheck = false;
  area.setAttribute("aria-label", name);
  editor.append(area);
  const row = document.createElement("div");
  row.className = "row";
  const save = button(word("terminal.save"), "button");
  const cancel = button(word("terminal.cancel"), "button button--quiet");
  row.append(save, cancel);
  dialog.append(title, editor, row);
  host.append(dialog);
  dialog.showModal();
  editor.open({ [name]: text }, schemas);
  editor.show(1, 1);
  return new Promise((resolve) => {
    const end = (answer: string | null): void => {
      resolve(answer);
      dialog.remove();
    };
    save.addEventListener("click", () => end(editor.texts[name] ?? ""));
    cancel.addEventListener("click", () => end(null));
    dialog.addEventListener("cancel", () => end(null)); // Escape
    dialog.addEventListener("text-changed", (event) => event.stopPropagation()); // the page's answer is another text
    dialog.addEventListener("hand-in", (event) => {
      event.stopPropagation();
      end(editor.texts[name] ?? "");
    });
  });
}

function button(text: string, className: string): HTMLButtonElement {
  return Object.assign(document.createElement("button"), { type: "button", textContent: text, className });
}
