import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseAllDocuments, type YAMLError, type YAMLMap } from "yaml";
import type { Code, Finding } from "./findings";
import { isQuantity, plainType } from "./scalars";
import { type GroupVersion, type Kind, nearest, resolve, type Schema, schemaOf } from "./schema";

export interface Cluster {
  kinds(): Promise<readonly Kind[]>;
  version(apiVersion: string): Promise<GroupVersion | null>;
}

const SYNTAX: Record<string, Code> = {
  TAB_AS_INDENT: "tab",
  BAD_INDENT: "indent",
  MISSING_CHAR: "open",
  BLOCK_AS_IMPLICIT_KEY: "colon",
  MULTILINE_IMPLICIT_KEY: "colon",
  DUPLICATE_KEY: "duplicate",
};
const MOST = 100; // findings; nobody reads more

/** Everything that is wrong with a text, as far as it can be read. */
export async function check(text: string, cluster: Cluster): Promise<Finding[]> {
  const found: Finding[] = [];
  const documents = parseAllDocuments(text, { version: "1.2", prettyErrors: false, lineCounter: new LineCounter() });
  if (!Array.isArray(documents)) return [];
  for (const document of documents) {
    for (const error of document.errors) found.push(ofSyntax(error, text));
    if (document.errors.length === 0 && document.contents) await checkObject(document, text, cluster, found);
  }
  return found.sort((a, b) => a.from - b.from).slice(0, MOST);
}

/** A bracket without its end is told as wrong indentation by the parser. */
const UNENDED = /must be sufficiently indented and end with|Missing closing/;

function ofSyntax({ code, message, pos: [from, to] }: YAMLError, text: string): Finding {
  const at = Math.min(from, Math.max(text.length - 1, 0));
  const places: Record<string, string> = code === "DUPLICATE_KEY" ? { field: /^[^\s:]*/.exec(text.slice(from))?.[0] ?? "" } : {};
  return { from: at, to: Math.max(Math.min(to, text.length), at), code: UNENDED.test(message) ? "open" : (SYNTAX[code] ?? "syntax"), places };
}

async function checkObject(document: Document.Parsed, text: string, cluster: Cluster, found: Finding[]): Promise<void> {
  const root = document.contents as Node;
  if (isScalar(root) && plainType(String(root.source ?? "")) === "null") return;
  if (!isMap(root)) return void found.push(finding(root, "notObject"));
  const [apiVersion, kind] = [wordOf(root, "apiVersion"), wordOf(root, "kind")];
  if (!kind) found.push(finding(firstKey(root), "noKind"));
  if (!apiVersion) found.push(finding(firstKey(root), "noApiVersion"));
  if (!kind || !apiVersion || kind.endsWith("List")) return;
  const version = await cluster.version(apiVersion);
  const schema = version && schemaOf(version, kind);
  if (!version || !schema) return void found.push(await unknownKind(root, apiVersion, kind, cluster));
  new Walker(version, text, found).map(root, schema, "");
  checkName(root, found);
}

async function unknownKind(root: YAMLMap, apiVersion: string, kind: string, cluster: Cluster): Promise<Finding> {
  const kinds = await cluster.kinds();
  const elsewhere = kinds.find((known) => known.kind === kind && known.apiVersion !== apiVersion);
  if (elsewhere) return finding(valueOf(root, "apiVersion")!, "otherVersion", { kind, apiVersion: elsewhere.apiVersion });
  const suggestion = nearest(kind, new Set(kinds.map((known) => known.kind)));
  return finding(valueOf(root, "kind")!, "unknownKind", { kind, suggestion });
}

function checkName(root: YAMLMap, found: Finding[]): void {
  const metadata = valueOf(root, "metadata");
  const named = isMap(metadata) && (metadata.has("name") || metadata.has("generateName"));
  if (!named) found.push(finding(keyOf(root, "metadata") ?? firstKey(root), "noName"));
}

/** Compares nodes with a schema; what the schema does not say is allowed. */
class Walker {
  constructor(
    readonly version: GroupVersion,
    readonly text: string,
    readonly found: Finding[],
  ) {}

  /** `opener`: the key that the map belongs to, where what is missing is told; otherwise at the map's first key. */
  map(node: YAMLMap, schema: Schema, name: string, opener?: Node): void {
    const { properties, additionalProperties } = schema;
    for (const pair of node.items) {
      const key = keyText(pair);
      const below = properties?.[key] ?? additionalProperties;
      if (below) this.value(pair.value as Node | null, resolve(this.version, below), key, pair.key as Node);
      else if (properties && !schema.open) this.#unknown(pair, key, Object.keys(properties));
    }
    for (const needed of schema.required ?? []) {
      if (!has(node, needed)) this.#say(opener ? span(opener) : anchor(node, this.text), "required", { field: needed, of: name });
    }
  }

  value(node: Node | null, schema: Schema, name: string, opener?: Node): void {
    if (!node || isAlias(node)) return;
    if (isScalar(node)) return this.#scalar(node, schema, name);
    if (isSeq(node)) {
      if (!schema.items) return this.#type(node, schema, "array", name);
      const items = resolve(this.version, schema.items);
      for (const item of node.items) this.value(item as Node | null, items, name);
    } else if (isMap(node)) {
      if (schema.properties || schema.additionalProperties || schema.type === "object" || !schema.type) this.map(node, schema, name, opener);
      else this.#type(node, schema, "object", name);
    }
  }

  #scalar(node: Node & { source?: string; type?: string | null }, schema: Schema, name: string): void {
    const source = String(node.source ?? "");
    const type = node.type === "PLAIN" ? plainType(source) : "string";
    if (type === "null") return; // as if it were not there
    const wanted = schema.type ?? (schema.properties ? "object" : "");
    if (!fits(type, wanted)) return this.#type(node, schema, type, name);
    if (wanted === "quantity" && !isQuantity(source)) this.#say(span(node), "quantity", { value: source });
    else if (schema.enum && !schema.enum.includes(source)) {
      const suggestion = nearest(source, schema.enum);
      this.#say(span(node), "enum", { field: name, value: source, allowed: schema.enum.join(", "), suggestion });
    }
  }

  #unknown(pair: Pair, field: string, known: readonly string[]): void {
    this.#say(span(pair.key as Node), "unknownField", { field, suggestion: nearest(field, known) });
  }

  #type(node: Node, schema: Schema, found: string, name: string): void {
    const expected = schema.type ?? (schema.items ? "array" : "object");
    if (expected === found || !schema.type) return;
    this.#say(span(node, this.text), "type", { field: name, expected, found });
  }

  #say([from, to]: [number, number], code: Code, places: Record<string, string>): void {
    this.found.push({ from, to, code, places });
  }
}

function fits(type: string, wanted: string): boolean {
  if (wanted === "" || type === wanted) return true;
  if (wanted === "number") return type === "integer";
  if (wanted === "int-or-string") return type === "integer" || type === "string";
  if (wanted === "quantity") return type === "integer" || type === "number" || type === "string";
  return false;
}

/** A node's own text; of a map or a list only its first line. */
function span(node: Node, text = ""): [number, number] {
  const [from = 0, to = from] = node.range ?? [];
  const end = text ? text.indexOf("\n", from) : -1;
  return [from, end > from ? Math.min(end, to) : to];
}

/** Where to say that something is missing from a map: at its first key. */
function anchor(node: YAMLMap, text: string): [number, number] {
  const first = node.items[0]?.key as Node | undefined;
  return first ? span(first) : span(node, text);
}

function finding(node: Node, code: Code, places: Record<string, string> = {}): Finding {
  const [from, to] = isMap(node) ? span(firstKey(node)) : span(node);
  return { from, to, code, places };
}

function keyText(pair: Pair): string {
  const key: unknown = isScalar(pair.key) ? (pair.key.source ?? pair.key.value) : pair.key;
  return String(key);
}

function has(node: YAMLMap, key: string): boolean {
  return node.items.some((pair) => keyText(pair) === key);
}

function valueOf(node: YAMLMap, key: string): Node | null {
  return (node.items.find((pair) => keyText(pair) === key)?.value as Node | undefined) ?? null;
}

function keyOf(node: YAMLMap, key: string): Node | null {
  return (node.items.find((pair) => keyText(pair) === key)?.key as Node | undefined) ?? null;
}

function firstKey(node: YAMLMap): Node {
  return (node.items[0]?.key as Node | undefined) ?? node;
}

function wordOf(node: YAMLMap, key: string): string {
  const value = valueOf(node, key);
  return isScalar(value) && value.value !== null ? String(value.value) : "";
}
