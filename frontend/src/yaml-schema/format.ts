import { parseAllDocuments } from "yaml";

/** The text with even indentation and spacing; comments and the order of keys stay. null where it is no YAML. */
export function format(text: string): string | null {
  const documents = parseAllDocuments(text, { version: "1.2", keepSourceTokens: true });
  if (!Array.isArray(documents) || documents.some((document) => document.errors.length > 0)) return null;
  const written = documents.map((document) => document.toString({ lineWidth: 0, indentSeq: true, nullStr: "", flowCollectionPadding: false }));
  const whole = written.map((part) => (part.endsWith("\n") ? part : `${part}\n`));
  return whole.map((part, at) => (at === 0 || part.startsWith("---") ? part : `---\n${part}`)).join("");
}
