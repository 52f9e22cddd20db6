import { check, type Cluster } from "./check";
import { format } from "./format";
import type { Answer, Question } from "./client";
import type { GroupVersion, Kind } from "./schema";
import { explain, suggest } from "./suggest";

/** Schemas, each fetched once; one that could not be had is asked for again later. */
class Fetched implements Cluster {
  #base = "";
  #kinds: Promise<readonly Kind[]> | null = null;
  #versions = new Map<string, Promise<GroupVersion | null>>();

  set base(url: string) {
    this.#base = url;
  }

  kinds(): Promise<readonly Kind[]> {
    this.#kinds ??= this.#get<{ kinds: Kind[] }>("").then((found) => found?.kinds ?? []);
    this.#kinds.catch(() => (this.#kinds = null));
    return this.#kinds;
  }

  version(apiVersion: string): Promise<GroupVersion | null> {
    const kept = this.#versions.get(apiVersion);
    if (kept) return kept;
    const asked = this.#served(apiVersion);
    this.#versions.set(apiVersion, asked);
    asked.catch(() => this.#versions.delete(apiVersion));
    return asked;
  }

  /** Only what the cluster lists is asked for: half-written versions are no requests. */
  async #served(apiVersion: string): Promise<GroupVersion | null> {
    const kinds = await this.kinds();
    if (!kinds.some((known) => known.apiVersion === apiVersion)) return null;
    return this.#get<GroupVersion>(apiVersion);
  }

  async #get<T>(path: string): Promise<T | null> {
    const response = await fetch(this.#base + path, { headers: { Accept: "application/json" } });
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`schemas: ${response.status}`);
    return (await response.json()) as T;
  }
}

const cluster = new Fetched();

async function answer(question: Question): Promise<Answer["result"]> {
  cluster.base = question.schemas;
  if (question.ask === "check") return check(question.text, cluster);
  if (question.ask === "suggest") return suggest(question.text, question.offset, cluster);
  if (question.ask === "explain") return explain(question.text, question.offset, cluster);
  return format(question.text);
}

self.addEventListener("message", (event: MessageEvent<Question>) => {
  const { id } = event.data;
  answer(event.data).then(
    (result) => self.postMessage({ id, result } satisfies Answer),
    () => self.postMessage({ id, result: null } satisfies Answer), // no schemas now: the editor does without
  );
});
