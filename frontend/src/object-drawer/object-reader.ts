import type { Item } from "../wire";
import { csrfToken } from "../server";
import { word } from "../words";

/** Where the server reads objects, logs and the past as the student. */
export interface ObjectUrls {
  object: string;
  log: string;
  past: string;
  node: string;
}

export interface Yaml {
  yaml: string;
  /** Something of it is hidden: a Secret's values. */
  hides: boolean;
}

/** The server's answer, or a sentence that says why there is none. */
export class ObjectReader {
  #urls: ObjectUrls;

  constructor(urls: ObjectUrls) {
    this.#urls = urls;
  }

  yaml(item: Item, reveal: boolean): Promise<Yaml> {
    return this.#ask<Yaml>(this.#urls.object, { apiVersion: item.apiVersion, kind: item.kind, name: item.name, reveal: reveal ? "1" : "" });
  }

  async log(pod: string, container: string, previous: boolean): Promise<string> {
    return (await this.#ask<{ log: string }>(this.#urls.log, { pod, container, previous: previous ? "1" : "" })).log;
  }

  /** Switches one of the sandbox's own nodes on or off; the cluster notices in its own time. */
  async power(node: string, on: boolean): Promise<void> {
    const body = new URLSearchParams({ name: node, on: on ? "1" : "" });
    const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
    await this.#answer(fetch(this.#urls.node, { method: "POST", headers, body }));
  }

  async #ask<T>(url: string, asked: Record<string, string>): Promise<T> {
    const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
    return this.#answer<T>(fetch(`${url}?${query}`, { headers: { Accept: "application/json" } }));
  }

  /** Rejects with an Error whose message is for the reader. */
  async #answer<T>(asked: Promise<Response>): Promise<T> {
    const response = await asked.catch(() => null);
    const answer = (await response?.json().catch(() => null)) as (T & { message?: string }) | null | undefined;
    if (!response?.ok || !answer) throw new Error(answer?.message ?? word("unreachable"));
    return answer;
  }
}
