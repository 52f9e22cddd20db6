export type Saved = "saved" | "saving" | "unsaved";
export type Texts = Record<string, string>;
type Save = (files: Texts, leaving: boolean) => Promise<void>;

const PAUSE = 1_200; // after the last key
const AGAIN = 5_000; // after a failure

/** Keeps files on the server a moment after each change; tells how it stands. */
export class DraftSaver {
  #save: Save;
  #tell: (saved: Saved) => void;
  #kept: Texts;
  #wanted: Texts;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(files: Texts, save: Save, tell: (saved: Saved) => void) {
    this.#kept = { ...files };
    this.#wanted = { ...files };
    this.#save = save;
    this.#tell = tell;
  }

  change(name: string, text: string): void {
    this.#wanted[name] = text;
    this.#plan(PAUSE);
  }

  /** Whether a file is changed here and not kept there yet. */
  dirty(name: string): boolean {
    return this.#wanted[name] !== this.#kept[name];
  }

  /** The server has it like this, whoever wrote it. */
  adopt(name: string, text: string): void {
    this.#kept[name] = this.#wanted[name] = text;
  }

  /** At once, e.g. because the page is being left. */
  async flush(leaving = false): Promise<void> {
    clearTimeout(this.#timer);
    const files = Object.fromEntries(Object.entries(this.#wanted).filter(([name]) => this.dirty(name)));
    if (Object.keys(files).length === 0) return;
    this.#tell("saving");
    try {
      await this.#save(files, leaving);
      Object.assign(this.#kept, files);
      this.#tell(Object.keys(files).some((name) => this.dirty(name)) ? "saving" : "saved");
    } catch {
      this.#tell("unsaved");
      this.#plan(AGAIN);
    }
  }

  #plan(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), milliseconds);
  }
}
