/** Where a cursor stands, read from lines and indentation, so that it works while the text is no YAML yet. */
export interface Place {
  apiVersion: string;
  kind: string;
  path: string[]; // to the map that the key belongs to; "[]" is an item of a list
  key: string; // the key of the line, "" while it is being written
  part: "key" | "value" | "item"; // item: the value of a list item, `- Alw…`
  from: number; // of the word that is being written
  word: string;
  present: string[]; // keys that the map has already
}

interface Line {
  dashes: number[]; // columns
  column: number; // of the key or of the bare value
  key: string;
  rest: string; // after the colon
  blank: boolean;
}

const LINE = /^(\s*(?:-\s+)*(?:-$)?)(?:(["']?)([^\s"'#][^"'#:]*?)\2\s*:(?=\s|$)(.*))?/;

export function readLine(text: string): Line {
  const [, lead = "", , key = "", rest = ""] = LINE.exec(text) ?? [];
  const bare = text.trim();
  const dashes = [...lead.matchAll(/-/g)].map((match) => match.index);
  const blank = bare === "" || bare.startsWith("#") || bare === "---";
  return { dashes, column: lead.length, key, rest: rest.replace(/\s+#.*$|^\s*#.*$/, "").trim(), blank };
}

export function placeAt(text: string, offset: number): Place | null {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf("\n") + 1;
  const lines = text.split("\n");
  const row = before.split("\n").length - 1;
  const [first, last] = documentAround(lines, row);
  const written = before.slice(start);
  if (/^\s*#|\s#/.test(written)) return null;
  const here = readLine(lines[row]!);
  const word = /[^\s:'"[{,]*$/.exec(written)?.[0] ?? "";
  const kind = head(lines, first, last, "kind");
  const apiVersion = head(lines, first, last, "apiVersion");
  const value = here.key !== "" && written.length > lines[row]!.indexOf(":", here.column);
  const column = here.key ? here.column : written.length - word.length;
  const path = pathOf(lines, row, first, column, here.dashes.filter((dash) => dash < column));
  if (!path) return null;
  const known = { apiVersion, kind, path, word, from: offset - word.length };
  if (value) return { ...known, key: here.key, part: "value", present: [] };
  const item = here.dashes.length > 0 && here.key === "";
  return { ...known, key: here.key, part: item ? "item" : "key", present: siblings(lines, row, first, last, column) };
}

function documentAround(lines: readonly string[], row: number): [number, number] {
  let first = row;
  while (first > 0 && !lines[first]!.startsWith("---")) first--;
  let last = row + 1;
  while (last < lines.length && !lines[last]!.startsWith("---")) last++;
  return [first, last];
}

function head(lines: readonly string[], first: number, last: number, key: string): string {
  for (let row = first; row < last; row++) {
    const line = readLine(lines[row]!);
    if (line.column === 0 && line.key === key) return line.rest.replace(/^["']|["']$/g, "");
  }
  return "";
}

/** From the line upwards: each line that is indented less and opens something is a parent. null inside a text block. */
function pathOf(lines: readonly string[], row: number, first: number, column: number, dashes: readonly number[]): string[] | null {
  const path: string[] = [];
  let limit = column;
  let inItem = false; // then a parent may stand at the very column of the dash
  const items = (columns: readonly number[]): void => {
    for (const dash of [...columns].reverse()) {
      if (dash >= limit) continue;
      path.unshift("[]");
      limit = dash;
      inItem = true;
    }
  };
  items(dashes);
  for (let at = row - 1; at >= first && (limit > 0 || inItem); at--) {
    const line = readLine(lines[at]!);
    if (line.blank || (!line.key && line.dashes.length === 0)) continue;
    if (line.key && (line.column < limit || (inItem && line.column === limit))) {
      if (/^[|>]/.test(line.rest)) return null;
      if (line.rest && !/^[&!]/.test(line.rest)) continue; // a value: nothing stands below it
      path.unshift(line.key);
      limit = line.column;
      inItem = false;
      items(line.dashes);
    } else if (!inItem && line.column === limit) items(line.dashes);
    else if (!inItem && !line.key) items(line.dashes.filter((dash) => dash < limit));
  }
  return path;
}

function siblings(lines: readonly string[], row: number, first: number, last: number, column: number): string[] {
  const found: string[] = [];
  const look = (at: number): boolean => {
    const line = readLine(lines[at]!);
    if (line.blank) return true;
    if (line.column === column && line.key) found.push(line.key);
    return line.column >= column;
  };
  const begins = (at: number): boolean => readLine(lines[at]!).column === column && readLine(lines[at]!).dashes.length > 0;
  for (let at = row; at >= first; at--) {
    if (at < row && !look(at)) break;
    if (begins(at)) break;
  }
  for (let at = row + 1; at < last; at++) if (begins(at) || !look(at)) break;
  return found;
}
