import { csrfToken } from "../server";

/**
 * Makes a quiz's form answer in place, and lets the items of an order be moved by buttons instead of numbers.
 * Without it the form posts and the lesson comes back: nothing here is needed to learn.
 */
export class QuizCardElement extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("submit", this.#submitted);
    if (this.dataset["kind"] === "order") this.#makeMovable();
  }

  disconnectedCallback(): void {
    this.removeEventListener("submit", this.#submitted);
  }

  #submitted = (event: SubmitEvent): void => {
    const form = event.target as HTMLFormElement;
    event.preventDefault();
    void this.#answer(form);
  };

  async #answer(form: HTMLFormElement): Promise<void> {
    const button = form.querySelector<HTMLButtonElement>("button:not([type])");
    button?.setAttribute("aria-disabled", "true");
    const headers = { "X-Fragment": "1", "X-CSRFToken": csrfToken() };
    const response = await fetch(form.action, { method: "POST", headers, body: new FormData(form) }).catch(() => null);
    button?.removeAttribute("aria-disabled");
    if (response?.redirected) location.assign(response.url); // a login that is needed first
    else if (response?.ok) this.#show(await response.text());
    else this.#say(response?.status === 422 ? await response.text() : (this.dataset["lost"] ?? ""));
  }

  /** The server's own card in place of this one; the focus stays in it. */
  #show(html: string): void {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("quiz-card");
    if (!fresh) return this.#say(this.dataset["lost"] ?? "");
    const adopted = document.importNode(fresh, true) as HTMLElement;
    this.replaceWith(adopted);
    const verdict = adopted.querySelector<HTMLElement>(".quiz__verdict");
    verdict?.setAttribute("tabindex", "-1");
    verdict?.focus({ preventScroll: false });
  }

  #say(words: string): void {
    const problem = this.querySelector<HTMLElement>(".quiz__problem");
    if (!problem) return;
    problem.textContent = words;
    problem.hidden = false;
  }

  #makeMovable(): void {
    const list = this.querySelector("ol");
    if (!list || list.querySelector("select:disabled")) return;
    for (const item of list.querySelectorAll("li")) {
      item.querySelector(".quiz__place")?.classList.add("unseen");
      item.querySelector("select")?.setAttribute("tabindex", "-1");
      item.prepend(this.#mover(item, "up"), this.#mover(item, "down"));
    }
  }

  #mover(item: HTMLElement, way: "up" | "down"): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--bare quiz__move";
    button.textContent = way === "up" ? "↑" : "↓";
    button.setAttribute("aria-label", `${this.dataset[way] ?? way}: ${item.querySelector(".quiz__words")?.textContent}`);
    button.addEventListener("click", () => this.#move(item, way, button));
    return button;
  }

  #move(item: HTMLElement, way: "up" | "down", button: HTMLButtonElement): void {
    const other = way === "up" ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    if (way === "up") other.before(item);
    else other.after(item);
    const items = [...(item.parentElement?.querySelectorAll<HTMLElement>("li") ?? [])];
    for (const [index, each] of items.entries()) {
      each.classList.remove("quiz__answer--right", "quiz__answer--wrong");
      const select = each.querySelector("select");
      if (select) select.value = String(index + 1);
    }
    button.focus();
  }
}
