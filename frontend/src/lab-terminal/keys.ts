export type Key =
  | "up" | "down" | "left" | "right" | "home" | "end" | "word-left" | "word-right"
  | "backspace" | "delete" | "kill-end" | "kill-start" | "kill-word" | "kill-word-after" | "yank"
  | "enter" | "tab" | "interrupt" | "end-of-input" | "clear" | "search" | "cancel";

export type Pressed = { key: Key } | { text: string };

// What xterm.js sends for keys.
const KEYS: Record<string, Key> = {
  "\x1b[A": "up", "\x1bOA": "up", "\x10": "up", "\x1b[B": "down", "\x1bOB": "down", "\x0e": "down",
  "\x1b[D": "left", "\x1bOD": "left", "\x02": "left", "\x1b[C": "right", "\x1bOC": "right", "\x06": "right",
  "\x1b[H": "home", "\x1bOH": "home", "\x1b[1~": "home", "\x01": "home",
  "\x1b[F": "end", "\x1bOF": "end", "\x1b[4~": "end", "\x05": "end",
  "\x1b[1;5D": "word-left", "\x1b[1;3D": "word-left", "\x1bb": "word-left",
  "\x1b[1;5C": "word-right", "\x1b[1;3C": "word-right", "\x1bf": "word-right",
  "\x7f": "backspace", "\x1b[3~": "delete", "\x0b": "kill-end", "\x15": "kill-start", "\x17": "kill-word",
  "\x08": "kill-word", "\x1b\x7f": "kill-word", "\x1bd": "kill-word-after", "\x1b[3;5~": "kill-word-after",
  "\x19": "yank", "\r": "enter", "\n": "enter", "\t": "tab", "\x03": "interrupt", "\x04": "end-of-input",
  "\x0c": "clear", "\x12": "search", "\x07": "cancel", "\x1b": "cancel",
};

/** What was pressed or pasted. A paste is text with its line ends as \n; what has no meaning is left out. */
export function read(data: string): Pressed[] {
  const key = KEYS[data];
  if (key) return [{ key }];
  if (data.startsWith("\x1b")) return [];
  const text = printable(data);
  return text ? [{ text }] : [];
}

function printable(data: string): string {
  const lines = data.replace(/\r\n?/g, "\n").replace(/\t/g, "    ");
  return lines.replace(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");
}
