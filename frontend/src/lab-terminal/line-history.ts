const MOST = 500;

/** The lines of before, newest last: one by one, or those that contain something. */
export class LineHistory {
  #lines: string[] = [];
  #at = 0;
  #draft = "";

  set lines(lines: readonly string[]) {
    this.#lines = lines.slice(-MOST);
    this.#at = this.#lines.length;
  }

  add(line: string): void {
    if (line.trim() && !line.startsWith(" ") && this.#lines.at(-1) !== line) this.#lines.push(line);
    this.#lines = this.#lines.slice(-MOST);
    this.#at = this.#lines.length;
  }

  /** One further back; `current` is kept for the way forward. Null at the end. */
  back(current: string): string | null {
    if (this.#at === 0) return null;
    if (this.#at === this.#lines.length) this.#draft = current;
    this.#at -= 1;
    return this.#lines[this.#at] ?? null;
  }

  forward(): string | null {
    if (this.#at >= this.#lines.length) return null;
    this.#at += 1;
    return this.#lines[this.#at] ?? this.#draft;
  }

  /** The newest line that contains `part`, older than the `skip` newest ones that do. */
  find(part: string, skip: number): string | null {
    if (!part) return null;
    const found = this.#lines.filter((line) => line.includes(part)).reverse();
    return [...new Set(found)][skip] ?? null;
  }
}
