import type { Attempt } from "./wire";

export interface Urls {
  start: string;
  submit: string;
  retry: string;
  reset: string;
  draft: string;
  state: string;
  hint: string;
}

/** The server's refusal in the student's words, or no answer at all (status 0). */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }

  get sessionEnded(): boolean {
    return this.status === 401;
  }
}

/** The seven things that a workbench asks for. `unreachable` is said when the network fails. */
export class Server {
  #urls: Urls;
  #unreachable: string;

  constructor(urls: Urls, unreachable: string) {
    this.#urls = urls;
    this.#unreachable = unreachable;
  }

  start = (): Promise<Attempt> => this.#attempt("POST", this.#urls.start);
  submit = (text: string): Promise<Attempt> => this.#attempt("POST", this.#urls.submit, { text });
  retry = (): Promise<Attempt> => this.#attempt("POST", this.#urls.retry);
  reset = (): Promise<Attempt> => this.#attempt("POST", this.#urls.reset);
  state = (): Promise<Attempt> => this.#attempt("GET", this.#urls.state);

  /** Outlives the page when it is being left. */
  async draft(text: string, leaving = false): Promise<void> {
    await this.#ask("PUT", this.#urls.draft, { text }, leaving);
  }

  async hint(check: string): Promise<void> {
    await this.#ask("POST", this.#urls.hint, { text: check });
  }

  async #attempt(method: string, url: string, body?: object): Promise<Attempt> {
    const response = await this.#ask(method, url, body);
    return (await response.json()) as Attempt;
  }

  async #ask(method: string, url: string, body?: object, keepalive = false): Promise<Response> {
    const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
    const init: RequestInit = { method, headers, keepalive, ...(body ? { body: JSON.stringify(body) } : {}) };
    const response = await fetch(url, init).catch(() => null);
    if (response === null) throw new Refusal(0, this.#unreachable);
    if (!response.ok) throw new Refusal(response.status, await said(response, this.#unreachable));
    return response;
  }
}

async function said(response: Response, otherwise: string): Promise<string> {
  try {
    const { message } = (await response.json()) as { message?: string };
    return message || otherwise;
  } catch {
    return otherwise; // a proxy's HTML page, say
  }
}

export function csrfToken(cookies = document.cookie): string {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(cookies)?.[1] ?? "";
}
