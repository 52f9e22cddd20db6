import type { Code } from "../yaml-schema/findings";
import { type Word, word } from "../words";

const TYPES: Record<string, Word> = {
  object: "type.object",
  array: "type.array",
  string: "type.string",
  integer: "type.integer",
  number: "type.number",
  boolean: "type.boolean",
  quantity: "type.quantity",
  "int-or-string": "type.intOrString",
  value: "type.value",
  kind: "type.kind",
};

/** "[]object" → "list of maps", in the page's language. */
export function typeWords(type: string): string {
  if (type.startsWith("[]")) return word("type.listOf", { of: typeWords(type.slice(2)) });
  const known = TYPES[type];
  return known ? word(known) : type;
}

/** What is wrong, in words; with a suggestion where there is one. */
export function sentence(code: Code, places: Record<string, string>): string {
  const { suggestion, expected, found } = places;
  const told = { ...places, expected: typeWords(expected ?? ""), found: typeWords(found ?? "") };
  const said = word(`lint.${code}`, told);
  return suggestion ? `${said} ${word("lint.suggestion", { suggestion })}` : said;
}
