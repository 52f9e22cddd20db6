import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { tags } from "@lezer/highlight";

/** The page's colours, so that a change of theme needs nothing here. */
export const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--code-key)" },
    { tag: [tags.string, tags.content, tags.special(tags.string)], color: "var(--code-string)" },
    { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--code-number)" },
    { tag: [tags.comment, tags.lineComment], color: "var(--code-comment)", fontStyle: "italic" },
    { tag: [tags.meta, tags.keyword, tags.labelName, tags.typeName], color: "var(--code-meta)" },
    { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: "var(--ink-faint)" },
  ]),
);
