import type { Texts } from "./draft-saver";
import type { Attempt } from "./wire";

export interface Urls {
  start: string;
  submit: string;
  retry: string;
  reset: string;
  draft: string;
  last: string;
  state: string;
  extend: string;
  hint: string;
  schema: string;
}

/** The answer's files as the server has them. */
export interface Drafts {
  version: number;
  files: Texts;
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

/** What a workbench asks for. `unreachable` is said when the network fails. */
export class Server {
  /** Tells this page from the student's others. */
  readonly tab = Math.random().toString(36).slice(2);
  #urls: Urls;
  #unreachable: string;

  constructor(urls: Urls, unreachable: string) {
    this.#urls = urls;
    this.#unreachable = unreachable;
  }

  start = (): Promise<Attempt> => this.#attempt("POST", this.#urls.start);
  submit = (files: Texts): Promise<Attempt> => this.#attempt("POST", this.#urls.submit, { files, tab: this.tab });
  retry = (): Promise<Attempt> => this.#attempt("POST", this.#urls.retry);
  reset = (whole: boolean): Promise<Attempt> => this.#attempt("POST", this.#urls.reset, { whole });
  extend = (): Promise<Attempt> => this.#attempt("POST", this.#urls.extend);
  hint = (check: string): Promise<Attempt> => this.#attempt("POST", this.#urls.hint, { check });
  state = (): Promise<Attempt> => this.#attempt("GET", this.#urls.state);

  /** Keeps files; outlives the page when it is being left. Returns the drafts' version. */
  async draft(files: Texts, leaving = false): Promise<number> {
    const response = await this.#ask("PUT", this.#urls.draft, { files, tab: this.tab }, leaving);
    return ((await response.json()) as { version: number }).version;
  }

  async drafts(): Promise<Drafts> {
    return (await (await this.#ask("GET", this.#urls.draft)).json()) as Drafts;
  }

  /** What was handed in last; null before the first time. */
  async last(): Promise<Texts | null> {
    return ((await (await this.#ask("GET", this.#urls.last)).json()) as { files: Texts | null }).files;
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
