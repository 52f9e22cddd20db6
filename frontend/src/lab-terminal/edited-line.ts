/** A line in the making, and the cursor in it (an index between characters). */
export class EditedLine {
  #text = "";
  #cursor = 0;
  #killed = "";

  get text(): string {
    return this.#text;
  }

  get cursor(): number {
    return this.#cursor;
  }

  get before(): string {
    return this.#text.slice(0, this.#cursor);
  }

  set(text: string, cursor = text.length): void {
    this.#text = text;
    this.#cursor = Math.min(cursor, text.length);
  }

  insert(text: string): void {
    this.#text = this.before + text + this.#text.slice(this.#cursor);
    this.#cursor += text.length;
  }

  replace(start: number, text: string): void {
    this.#text = this.#text.slice(0, start) + text + this.#text.slice(this.#cursor);
    this.#cursor = start + text.length;
  }

  move(to: "left" | "right" | "home" | "end" | "word-left" | "word-right"): void {
    const places = {
      left: this.#cursor - lengthBefore(this.#text, this.#cursor),
      right: this.#cursor + lengthAfter(this.#text, this.#cursor),
      home: 0,
      end: this.#text.length,
      "word-left": wordStart(this.#text, this.#cursor),
      "word-right": wordEnd(this.#text, this.#cursor),
    };
    this.#cursor = places[to];
  }

  backspace(): void {
    this.#cut(this.#cursor - lengthBefore(this.#text, this.#cursor), this.#cursor);
  }

  delete(): void {
    this.#cut(this.#cursor, this.#cursor + lengthAfter(this.#text, this.#cursor));
  }

  kill(what: "to-end" | "to-start" | "word-before" | "word-after"): void {
    const spans = {
      "to-end": [this.#cursor, this.#text.length],
      "to-start": [0, this.#cursor],
      "word-before": [blankStart(this.#text, this.#cursor), this.#cursor],
      "word-after": [this.#cursor, wordEnd(this.#text, this.#cursor)],
    } as const;
    const [start, end] = spans[what];
    this.#killed = this.#text.slice(start, end) || this.#killed;
    this.#cut(start, end);
  }

  yank(): void {
    this.insert(this.#killed);
  }

  #cut(start: number, end: number): void {
    this.#text = this.#text.slice(0, start) + this.#text.slice(end);
    this.#cursor = start;
  }
}

/** Code units of the character before: two for those outside the basic plane. */
function lengthBefore(text: string, at: number): number {
  if (at === 0) return 0;
  return at > 1 && (text.codePointAt(at - 2) ?? 0) > 0xffff ? 2 : 1;
}

function lengthAfter(text: string, at: number): number {
  if (at >= text.length) return 0;
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

function wordStart(text: string, at: number): number {
  return text.slice(0, at).search(/[\p{L}\p{N}_]*[^\p{L}\p{N}_]*$/u);
}

function wordEnd(text: string, at: number): number {
  return at + (/^[^\p{L}\p{N}_]*[\p{L}\p{N}_]*/u.exec(text.slice(at))?.[0].length ?? 0);
}

/** Ctrl-W goes back to a blank, as a shell does: `deployment/web` is one word. */
function blankStart(text: string, at: number): number {
  return text.slice(0, at).search(/\S*\s*$/);
}
