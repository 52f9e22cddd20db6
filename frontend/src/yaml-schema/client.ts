import type { Finding } from "./findings";
import type { Explanation, Suggestions } from "./suggest";

interface Asked {
  id: number;
  schemas: string;
  text: string;
}
export type Question =
  | (Asked & { ask: "check" | "format" })
  | (Asked & { ask: "suggest" | "explain"; offset: number });
export interface Answer {
  id: number;
  result: Finding[] | Suggestions | Explanation | string | null;
}
type Wish<T> = T extends unknown ? Omit<T, "id" | "schemas"> : never;

const LIVES = 3; // a worker that dies is started again; one that keeps dying is done without

/** The schema worker. Every question is answered, by null where there is no answer. */
export class SchemaClient {
  #schemas: string;
  #start: () => Worker;
  #worker: Worker | null = null;
  #waiting = new Map<number, (result: Answer["result"]) => void>();
  #last = 0;
  #deaths = 0;

  constructor(schemas: string, start: () => Worker = startWorker) {
    this.#schemas = schemas;
    this.#start = start;
  }

  check = (text: string): Promise<Finding[] | null> => this.#ask({ ask: "check", text });
  format = (text: string): Promise<string | null> => this.#ask({ ask: "format", text });
  suggest = (text: string, offset: number): Promise<Suggestions | null> => this.#ask({ ask: "suggest", text, offset });
  explain = (text: string, offset: number): Promise<Explanation | null> => this.#ask({ ask: "explain", text, offset });

  #ask<T extends Answer["result"]>(wish: Wish<Question>): Promise<T | null> {
    const worker = this.#alive();
    if (!worker) return Promise.resolve(null);
    const id = ++this.#last;
    return new Promise((done) => {
      this.#waiting.set(id, (result) => done(result as T | null));
      worker.postMessage({ ...wish, id, schemas: this.#schemas });
    });
  }

  #alive(): Worker | null {
    if (this.#worker || this.#deaths >= LIVES) return this.#worker;
    const worker = this.#start();
    worker.addEventListener("message", (event: MessageEvent<Answer>) => this.#heard(event.data));
    worker.addEventListener("error", () => this.#died(worker));
    this.#worker = worker;
    return worker;
  }

  #heard({ id, result }: Answer): void {
    this.#waiting.get(id)?.(result);
    this.#waiting.delete(id);
  }

  #died(worker: Worker): void {
    worker.terminate();
    this.#worker = null;
    this.#deaths++;
    for (const [id] of this.#waiting) this.#heard({ id, result: null });
  }
}

function startWorker(): Worker {
  return new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
}
