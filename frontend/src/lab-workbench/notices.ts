export type Notice = "lost" | "expired" | "away" | "trouble" | "closed" | "soon" | "undo" | "remark";

/** The page's notices, worded by the server and hidden until they are true. */
export class Notices {
  #root: HTMLElement;

  constructor(root: HTMLElement) {
    this.#root = root;
    for (const close of root.querySelectorAll<HTMLElement>("[data-dismiss]")) {
      close.addEventListener("click", () => this.set(close.dataset["dismiss"] as Notice, false));
    }
  }

  set(name: Notice, shown: boolean): void {
    const notice = this.#find(name);
    if (notice && notice.hidden === shown) notice.hidden = !shown;
  }

  /** A refusal in the server's words. */
  trouble(message: string): void {
    this.#say("trouble", message);
  }

  /** What was just replaced in the editor, with a way back. */
  undo(message: string): void {
    this.#say("undo", message);
  }

  /** A word beside the editor, about what was just asked of it. */
  remark(message: string): void {
    this.#say("remark", message);
  }

  /** That the sandbox is about to be closed. Its words change by the minute; they are told once. */
  soon(message: string): void {
    this.#say("soon", message);
  }

  /** No words: hidden. */
  #say(name: Notice, message: string): void {
    const words = this.#find(name)?.querySelector("p");
    if (words && words.textContent !== message) words.textContent = message;
    this.set(name, message !== "");
  }

  #find(name: Notice): HTMLElement | null {
    return this.#root.querySelector<HTMLElement>(`[data-notice="${name}"]`);
  }
}
