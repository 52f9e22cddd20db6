// Ranges of two cells, as xterm.js counts them by default (its Unicode 6 table, which leaves emoji at one).
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f], [0x2329, 0x232a], [0x2e80, 0x303e], [0x3040, 0xa4cf], [0xac00, 0xd7a3], [0xf900, 0xfaff],
  [0xfe10, 0xfe19], [0xfe30, 0xfe6f], [0xff00, 0xff60], [0xffe0, 0xffe6], [0x20000, 0x2fffd], [0x30000, 0x3fffd],
];
const NONE = /\p{Mark}|\u200b|\u200d/u;

/** How many cells of the screen a character takes: none, one or two. */
export function cellWidth(character: string): 0 | 1 | 2 {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (WIDE.some(([first, last]) => code >= first && code <= last)) return 2;
  return NONE.test(character) ? 0 : 1;
}

export interface Place {
  row: number;
  column: number;
}

/** Where the cursor stands after `text`, begun at `from` on a screen so wide. A wide character does not straddle. */
export function after(text: string, from: Place, columns: number): Place {
  let { row, column } = from;
  for (const character of text) {
    const width = cellWidth(character);
    if (column + width > columns) {
      row += 1;
      column = 0;
    }
    column += width;
  }
  return column >= columns ? { row: row + 1, column: 0 } : { row, column };
}
