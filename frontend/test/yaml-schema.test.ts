import { describe, expect, it } from "vitest";
import { check, type Cluster } from "../src/yaml-schema/check";
import { type Answer, type Question, SchemaClient } from "../src/yaml-schema/client";
import { format } from "../src/yaml-schema/format";
import { placeAt } from "../src/yaml-schema/place";
import { isQuantity, plainType } from "../src/yaml-schema/scalars";
import { type GroupVersion, nearest } from "../src/yaml-schema/schema";
import { explain, suggest } from "../src/yaml-schema/suggest";

const apps: GroupVersion = {
  apiVersion: "apps/v1",
  kinds: { Deployment: "Deployment" },
  definitions: {
    Deployment: {
      type: "object",
      properties: {
        apiVersion: { type: "string" },
        kind: { type: "string" },
        metadata: { ref: "Meta" },
        spec: { ref: "Spec", description: "What is wished for." },
      },
    },
    Meta: {
      type: "object",
      properties: { name: { type: "string" }, labels: { type: "object", additionalProperties: { type: "string" } } },
    },
    Spec: {
      type: "object",
      description: "Spec of something.",
      required: ["containers"],
      properties: {
        replicas: { type: "integer", description: "How many." },
        paused: { type: "boolean" },
        containers: { type: "array", items: { ref: "Container" } },
      },
    },
    Container: {
      type: "object",
      required: ["name"],
      properties: {
        name: { type: "string" },
        image: { type: "string" },
        imagePullPolicy: { type: "string", enum: ["Always", "IfNotPresent", "Never"] },
        command: { type: "array", items: { type: "string" } },
        port: { ref: "IntOrString" },
        limits: { type: "object", additionalProperties: { ref: "Quantity" } },
      },
    },
    IntOrString: { type: "int-or-string" },
    Quantity: { type: "quantity" },
  },
};

const cluster: Cluster = {
  kinds: async () => [
    { apiVersion: "apps/v1", kind: "Deployment", namespaced: true },
    { apiVersion: "v1", kind: "Pod", namespaced: true },
  ],
  version: async (apiVersion) => (apiVersion === "apps/v1" ? apps : null),
};

const HEAD = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n";
const GOOD = `${HEAD}  replicas: 2\n  containers:\n    - name: a\n      port: 80\n      limits: {cpu: 500m, memory: 1Gi}\n`;

async function codes(text: string): Promise<string[]> {
  return (await check(text, cluster)).map(({ code, from, to, places }) => {
    const more = places["suggestion"] ? ` → ${places["suggestion"]}` : "";
    return `${code} ${JSON.stringify(text.slice(from, to))}${more}`;
  });
}

describe("checking", () => {
  it("finds nothing in what is right, in several documents, lists and empty ones", async () => {
    expect(await codes(`${GOOD}---\n# nothing\n---\n${GOOD}`)).toEqual([]);
    expect(await codes("")).toEqual([]);
  });

  it("finds each mistake at its place", async () => {
    expect(await codes(GOOD.replace("replicas: 2", "replica: 2"))).toEqual(['unknownField "replica" → replicas']);
    expect(await codes(GOOD.replace("replicas: 2", 'replicas: "2"'))).toEqual(['type "\\"2\\""']);
    expect(await codes(GOOD.replace("replicas: 2", "paused: maybe"))).toEqual(['type "maybe"']);
    expect(await codes(GOOD.replace("replicas: 2", "paused: yes"))).toEqual([]); // as Kubernetes reads YAML
    expect(await codes(GOOD.replace("name: a", "image: a"))).toEqual(['required "image"']);
    expect(await codes(GOOD.replace("500m", "2x"))).toEqual(['quantity "2x"']);
    expect(await codes(GOOD.replace("name: a", "name: a\n      imagePullPolicy: Alway"))).toEqual(['enum "Alway" → Always']);
    expect(await codes(GOOD.replace("name: a", "name: a\n      command: sleep"))).toEqual(['type "sleep"']);
    expect(await codes(GOOD.replace("replicas: 2", "replicas: [2]"))).toEqual(['type "[2]"']);
  });

  it("knows kinds, versions and names", async () => {
    expect(await codes(GOOD.replace("kind: Deployment", "kind: Deploymnet"))).toEqual(['unknownKind "Deploymnet" → Deployment']);
    expect(await codes("apiVersion: apps/v1\nkind: Pod\nmetadata: {name: a}\n")).toEqual(['otherVersion "apps/v1"']);
    expect(await codes("metadata: {name: a}\n")).toEqual(['noKind "metadata"', 'noApiVersion "metadata"']);
    expect(await codes(GOOD.replace("  name: web\n", "  labels: {a: b}\n"))).toEqual(['noName "metadata"']);
    expect(await codes("just words\n")).toEqual(['notObject "just words"']);
  });

  it("says where the syntax breaks, and still reads the other documents", async () => {
    expect((await codes("a: [1\n")).some((said) => said.startsWith("open"))).toBe(true);
    expect((await codes("a:\n\t- b\n"))[0]).toMatch(/^tab/);
    const both = await codes(`a: b\na: c\n---\n${GOOD.replace("replicas", "replica")}`);
    expect(both).toEqual(['duplicate "a"', 'unknownField "replica" → replicas']);
  });
});

describe("completing", () => {
  const labels = async (text: string): Promise<string[]> => {
    const offset = text.indexOf("¦");
    const found = await suggest(text.replace("¦", ""), offset, cluster);
    return found?.options.map(({ label }) => label) ?? [];
  };

  it("offers what the place allows and what is not there yet, the required first", async () => {
    expect(await labels(`${HEAD}  ¦\n`)).toEqual(["containers", "paused", "replicas"]);
    expect(await labels(`${HEAD}  replicas: 1\n  p¦\n`)).toEqual(["containers", "paused"]);
    expect(await labels(`${HEAD}  containers:\n    - ¦\n`)).toContain("image");
    expect(await labels(`${HEAD}  containers:\n    - name: a\n      ¦\n      image: b\n`)).not.toContain("image");
    expect(await labels(`${HEAD}  containers:\n  - name: a\n    i¦\n`)).toContain("imagePullPolicy");
  });

  it("offers values of enums, booleans, kinds and versions", async () => {
    expect(await labels(`${HEAD}  containers:\n    - imagePullPolicy: ¦\n`)).toEqual(["Always", "IfNotPresent", "Never"]);
    expect(await labels(`${HEAD}  paused: ¦\n`)).toEqual(["true", "false"]);
    expect(await labels("kind: ¦\n")).toEqual(["Deployment", "Pod"]);
    expect(await labels("kind: Pod\napiVersion: ¦\n")).toEqual(["v1"]);
    expect(await labels("¦\n")).toEqual(["apiVersion", "kind", "metadata"]);
  });

  it("keeps quiet in comments, text blocks and below plain values", async () => {
    expect(await labels(`${HEAD}  # re¦\n`)).toEqual([]);
    expect(await labels("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: |\n    so¦\n")).toEqual([]);
  });

  it("opens what nests", async () => {
    const found = await suggest(`${HEAD}  `, HEAD.length + 2, cluster);
    expect(found?.options.find(({ label }) => label === "containers")?.insert).toBe("containers:\n  - ");
  });
});

it("explains the field of a line, in the words beside the reference", async () => {
  const at = GOOD.indexOf("spec:") + 2;
  expect(await explain(GOOD, at, cluster)).toMatchObject({ path: "spec", description: "What is wished for.", type: "object" });
  const name = await explain(GOOD, GOOD.indexOf("- name: a") + 3, cluster);
  expect(name).toMatchObject({ path: "spec.containers[].name", required: true, type: "string" });
  expect(await explain(GOOD, GOOD.indexOf("500m"), cluster)).toMatchObject({ path: "spec.containers[].limits" });
  expect(await explain("# nothing", 3, cluster)).toBeNull();
});

it("finds its way through dashes at the column of their key", () => {
  const text = "kind: A\nspec:\n  list:\n  - a: 1\n    deep:\n    - x: 1\n      y";
  expect(placeAt(text, text.length)).toMatchObject({ path: ["spec", "list", "[]", "deep", "[]"], word: "y", present: ["x"] });
});

it("formats without losing comments, and refuses what is no YAML", () => {
  expect(format("a:   1\nb:\n- 2   # two\n---\nc:    {d: e}\n")).toBe("a: 1\nb:\n  - 2 # two\n---\nc: {d: e}\n");
  expect(format("# head\n\na: 1\n")).toBe("# head\n\na: 1\n");
  expect(format("a: [1")).toBeNull();
});

it("reads scalars as Kubernetes does", () => {
  expect(["yes", "~", "012", "1e3", "1.5", "nginx:1.27", "2026-01-01", "0x1f"].map(plainType)).toEqual([
    "boolean", "null", "integer", "number", "number", "string", "string", "integer",
  ]);
  expect(["500m", "1Gi", "2", "1e3", ".5", "2x", "m"].map(isQuantity)).toEqual([true, true, true, true, true, false, false]);
});

it("suggests what looks alike only", () => {
  expect([nearest("replcias", ["replicas", "paused"]), nearest("Kind", ["kind"]), nearest("banana", ["replicas"])]).toEqual([
    "replicas", "kind", "",
  ]);
});

/** Answers each question, or dies of it. */
class FakeWorker extends EventTarget {
  constructor(readonly dies: boolean) {
    super();
  }

  postMessage({ id }: Question): void {
    queueMicrotask(() => {
      if (this.dies) this.dispatchEvent(new Event("error"));
      else this.dispatchEvent(new MessageEvent("message", { data: { id, result: "done" } satisfies Answer }));
    });
  }

  terminate(): void {}
}

describe("the worker", () => {
  it("answers, is started again after its death, and is done without when it keeps dying", async () => {
    const workers = [true, false].map((dies) => new FakeWorker(dies));
    const client = new SchemaClient("/s/", () => workers.shift() as unknown as Worker);
    expect(await client.format("a")).toBeNull();
    expect(await client.format("a")).toBe("done");
    let started = 0;
    const hopeless = new SchemaClient("/s/", () => (started++, new FakeWorker(true) as unknown as Worker));
    for (let n = 0; n < 5; n++) expect(await hopeless.check("a")).toBeNull();
    expect(started).toBe(3);
  });
});
