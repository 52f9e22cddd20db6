import { unifiedMergeView } from "@codemirror/merge";
import type { Extension } from "@codemirror/state";
import { word } from "../words";

/** The text with its differences from `original`; each can be taken back. */
export function against(original: string): Extension {
  return unifiedMergeView({
    original,
    highlightChanges: true,
    gutter: true,
    syntaxHighlightDeletions: true,
    mergeControls: (type, action) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button--quiet";
      button.textContent = word("editor.takeBack");
      if (type === "accept") button.hidden = true; // what stands here is what will be handed in anyway
      else button.addEventListener("click", action);
      return button;
    },
  });
}
