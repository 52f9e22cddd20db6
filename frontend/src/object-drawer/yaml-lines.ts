import { html, type TemplateResult } from "lit";

const ENTRY = /^(\s*(?:- )*)([^\s:#'"][^:#]*|"[^"]*"|'[^']*')(:)(\s.*|$)/;
const NUMBER = /^\s*-?\d+(\.\d+)?$/;

/** YAML in the editor's colours, line by line; what is not understood stays as it is. */
export function yamlLines(text: string): TemplateResult[] {
  return text.replace(/\n$/, "").split("\n").map(line);
}

function line(text: string): TemplateResult {
  const entry = ENTRY.exec(text);
  if (!entry) return html`<span class="y-string">${text}</span>\n`;
  const [, indent, key, colon, value] = entry as unknown as [string, string, string, string, string];
  const kind = NUMBER.test(value) || value === " true" || value === " false" ? "y-number" : "y-string";
  return html`${indent}<span class="y-key">${key}</span>${colon}<span class=${kind}>${value}</span>\n`;
}
