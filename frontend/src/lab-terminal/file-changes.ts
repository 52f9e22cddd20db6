export type Texts = Record<string, string>;

/** What of the editor's files the session has not heard of yet. */
export class FileChanges {
  #told: Texts = {};

  /** Changed ones with their text, and null for those that are gone. */
  take(now: Texts): Record<string, string | null> {
    const changed: Record<string, string | null> = {};
    for (const [name, text] of Object.entries(now)) if (this.#told[name] !== text) changed[name] = text;
    for (const name of Object.keys(this.#told)) if (!(name in now)) changed[name] = null;
    this.#told = { ...now };
    return changed;
  }

  /** The session wrote it itself. */
  heard(name: string, text: string): void {
    this.#told[name] = text;
  }

  forget(): void {
    this.#told = {};
  }
}
