// Written by `manage.py wire` from k8slab/terminal/messages.py. Change it there.

export type Mode = "ready" | "running" | "raw";

export type Trouble = "closed" | "preparing" | "waiting" | "expired" | "away" | "busy" | "tooMany" | "moved" | "tooFast";

/** The first answer: which session this is, and what to do with the output that follows. */
export interface Attached {
  type: "attached";
  session: string;
  /** it did not exist before: what was on the screen belongs to one that is gone */
  fresh: boolean;
  history: string[];
  /** the last line that arrived; the page says later ones again */
  taken: number;
  colours: boolean;
}

/** A piece of the output. */
export interface Output {
  type: "output";
  text: string;
  /** of its end */
  at: number;
  /** empty the screen before it: what the page has does not join to it */
  reset?: boolean;
}

/** Who has the keyboard: the prompt, a command's lines, or a command's keys as they are pressed. */
export interface Ready {
  type: "mode";
  mode: Mode;
  prompt: string;
}

/** A command wrote one of the exercise's files: the editor shows it. */
export interface FileWritten {
  type: "file";
  name: string;
  text: string;
}

/** Open this text in the editor; answer with `edited`. */
export interface EditAsked {
  type: "edit";
  id: number;
  name: string;
  text: string;
}

/** What may stand from `start` on, in the line that was asked about. */
export interface Completions {
  type: "completions";
  id: number;
  start: number;
  words: string[];
}

/** Something is in the way; the page has the words. */
export interface Notice {
  type: "notice";
  trouble: Trouble;
}

export type TerminalToPage = Attached | Output | Ready | FileWritten | EditAsked | Completions | Notice;

/** The first thing a page says. `session` is "" for a new one, `seen` how much of its output is on the screen. */
export interface Attach {
  type: "attach";
  session: string;
  seen: number;
  columns: number;
  rows: number;
}

/** A line, or several that were pasted. `files`: those that changed since the last one; null is one that is gone. */
export interface Line {
  type: "line";
  id: number;
  text: string;
  files?: Record<string, string | null>;
}

/** Input for the command that runs: whole lines, or keys in mode raw. */
export interface Typed {
  type: "input";
  text: string;
}

/** Ctrl-C, or Ctrl-D. */
export interface Signal {
  type: "interrupt" | "eof";
}

export interface Resize {
  type: "resize";
  columns: number;
  rows: number;
}

/** Tab: `line` up to the cursor. */
export interface Complete {
  type: "complete";
  id: number;
  line: string;
  files?: Record<string, string | null>;
}

/** What became of a text that was opened; null: given up. */
export interface Edited {
  type: "edited";
  id: number;
  text: string | null;
}

export interface Colours {
  type: "colours";
  on: boolean;
}

/** Ctrl-L: forget the scrollback. */
export interface Clear {
  type: "clear";
}

export type PageToTerminal = Attach | Line | Typed | Signal | Resize | Complete | Edited | Colours | Clear;
