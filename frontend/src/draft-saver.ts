export type Saved = "saved" | "saving" | "unsaved";
type Save = (text: string, leaving: boolean) => Promise<void>;

const PAUSE = 1_200; // after the last key
const AGAIN = 5_000; // after a failure

/** Keeps a text on the server a moment after each change; tells how it stands. */
export class DraftSaver {
  #save: Save;
  #tell: (saved: Saved) => void;
  #kept: string;
  #wanted: string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(text: string, save: Save, tell: (saved: Saved) => void) {
    this.#kept = this.#wanted = text;
    this.#save = save;
    this.#tell = tell;
  }

  change(text: string): void {
    this.#wanted = text;
    this.#plan(PAUSE);
  }

  /** At once, e.g. because the page is being left. */
  async flush(leaving = false): Promise<void> {
    clearTimeout(this.#timer);
    const text = this.#wanted;
    if (text === this.#kept) return;
    this.#tell("saving");
    try {
      await this.#save(text, leaving);
      this.#kept = text;
      this.#tell(this.#wanted === text ? "saved" : "saving");
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
