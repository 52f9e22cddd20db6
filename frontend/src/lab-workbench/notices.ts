export type Notice = "lost" | "expired" | "away" | "trouble";

/** The page's notices, worded by the server and hidden until they are true. */
export class Notices {
  #root: HTMLElement;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  set(name: Notice, shown: boolean): void {
    const notice = this.#find(name);
    if (notice) notice.hidden = !shown;
  }

  /** A refusal in the server's words. */
  trouble(message: string): void {
    const words = this.#find("trouble")?.querySelector("p");
    if (words) words.textContent = message;
    this.set("trouble", message !== "");
  }

  #find(name: Notice): HTMLElement | null {
    return this.#root.querySelector<HTMLElement>(`[data-notice="${name}"]`);
  }
}
