import type { EditedLine } from "./edited-line";

const SHOWN = 120;

/** Puts in what is certain. What is left to choose from, or nothing. */
export function completeLine(line: EditedLine, start: number, words: readonly string[]): readonly string[] {
  const [only] = words;
  if (only === undefined) return [];
  const typed = line.before.slice(start);
  const common = words.reduce(commonStart);
  if (words.length === 1) line.replace(start, /[/=]$/.test(only) ? only : `${only} `);
  else if (common.length > typed.length) line.replace(start, common);
  else return words;
  return [];
}

function commonStart(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return one.slice(0, length);
}

/** Words in columns, read downwards. */
export function inColumns(words: readonly string[], columns: number, more: (count: number) => string): string {
  const shown = words.slice(0, SHOWN);
  const width = Math.max(...shown.map((word) => word.length)) + 2;
  const across = Math.max(1, Math.floor(columns / width));
  const rows = Math.ceil(shown.length / across);
  const lines = Array.from({ length: rows }, (_, row) =>
    shown.filter((_, at) => at % rows === row).map((word) => word.padEnd(width)).join("").trimEnd(),
  );
  if (words.length > SHOWN) lines.push(more(words.length - SHOWN));
  return lines.map((line) => `${line}\r\n`).join("");
}
