import { after, type Place } from "./cell-width";

/** What the line is drawn on. `write` resolves when the screen shows it. */
export interface Canvas {
  readonly columns: number;
  /** The cursor's column now. */
  readonly column: number;
  write(text: string): Promise<void>;
}

/** Draws the line that is edited behind whatever was written last, and takes it away again. */
export class LineView {
  #canvas: Canvas;
  #anchor = 0;
  #cursor: Place = { row: 0, column: 0 };
  #end: Place = { row: 0, column: 0 };
  #shown = false;
  #drawn = { head: "", text: "", cursor: 0 };

  constructor(canvas: Canvas) {
    this.#canvas = canvas;
  }

  get shown(): boolean {
    return this.#shown;
  }

  async show(head: string, text: string, cursor: number): Promise<void> {
    if (this.#appends(head, text, cursor)) return this.#append(text, cursor);
    const home = this.#shown ? this.#home() : "";
    if (!this.#shown) this.#anchor = this.#canvas.column;
    this.#measure(head, text, cursor);
    this.#shown = true;
    await this.#canvas.write(home + head + text + this.#wrap(text || head) + this.#back());
  }

  /** As if it had never been there. */
  async hide(): Promise<void> {
    if (!this.#shown) return;
    this.#shown = false;
    await this.#canvas.write(this.#home());
  }

  /** Leaves it on the screen, the cursor on the next line. */
  async leave(tail = ""): Promise<void> {
    if (!this.#shown) return;
    this.#shown = false;
    const down = this.#end.row - this.#cursor.row;
    const toEnd = (down ? `\x1b[${down}B` : "") + column(this.#end.column);
    const newLine = this.#end.column === 0 && this.#end.row > 0 && !tail ? "" : "\r\n";
    await this.#canvas.write(toEnd + tail + newLine);
  }

  /** After the screen's width has changed, and its text with it. */
  async redraw(): Promise<void> {
    if (!this.#shown) return;
    const { head, text, cursor } = this.#drawn;
    this.#anchor = Math.min(this.#anchor, this.#canvas.columns - 1);
    this.#measure(head, text, cursor);
    await this.#canvas.write(this.#home() + head + text + this.#wrap(text || head) + this.#back());
  }

  #measure(head: string, text: string, cursor: number): void {
    const from = { row: 0, column: this.#anchor };
    this.#cursor = after(head + text.slice(0, cursor), from, this.#canvas.columns);
    this.#end = after(head + text, from, this.#canvas.columns);
    this.#drawn = { head, text, cursor };
  }

  /** The common case of typing at the end needs no more than the character. */
  #appends(head: string, text: string, cursor: number): boolean {
    const was = this.#drawn;
    const grown = was.cursor === was.text.length && cursor === text.length && text.startsWith(was.text);
    return this.#shown && head === was.head && grown && text !== was.text;
  }

  async #append(text: string, cursor: number): Promise<void> {
    const added = text.slice(this.#drawn.text.length);
    this.#measure(this.#drawn.head, text, cursor);
    await this.#canvas.write(added + this.#wrap(added));
  }

  #home(): string {
    return (this.#cursor.row ? `\x1b[${this.#cursor.row}A` : "") + column(this.#anchor) + "\x1b[J";
  }

  /** A full row leaves the cursor waiting in its last cell; it shall stand where it is thought to be. */
  #wrap(written: string): string {
    return written && this.#end.column === 0 && this.#end.row > 0 ? "\r\n" : "";
  }

  #back(): string {
    const up = this.#end.row - this.#cursor.row;
    return (up ? `\x1b[${up}A` : "") + column(this.#cursor.column);
  }
}

function column(count: number): string {
  return count ? `\r\x1b[${count}C` : "\r";
}
