import type { Cluster } from "./check";
import { placeAt } from "./place";
import { at, type GroupVersion, nests, resolve, type Schema, typeName } from "./schema";

export interface Option {
  label: string;
  type: string; // "[]object", "string", … or "value", "kind"
  required: boolean;
  description: string;
  /** What is put in; `\n` is followed by the line's own indentation. */
  insert: string;
}

export interface Suggestions {
  from: number;
  options: Option[];
}

export interface Explanation {
  from: number;
  to: number;
  path: string;
  type: string;
  required: boolean;
  allowed: string[];
  description: string;
}

/** What may stand at the cursor. */
export async function suggest(text: string, offset: number, cluster: Cluster): Promise<Suggestions | null> {
  const place = placeAt(text, offset);
  if (!place) return null;
  const { part, key, path, from } = place;
  if (path.length === 0 && part === "value" && (key === "kind" || key === "apiVersion")) {
    return { from, options: await heads(key, place.kind, cluster) };
  }
  const version = await cluster.version(place.apiVersion);
  if (!version && path.length === 0 && part === "key") return { from, options: beginnings(place.present) };
  const here = version && at(version, place.kind, part === "value" ? [...path, key] : path);
  if (!version || !here) return null;
  if (part === "value" || (part === "item" && !here.properties)) return { from, options: values(here) };
  return { from, options: fields(version, here, place.present) };
}

async function heads(key: string, kind: string, cluster: Cluster): Promise<Option[]> {
  const kinds = await cluster.kinds();
  const fitting = key === "kind" ? kinds : kinds.filter((known) => !kind || known.kind === kind);
  const names = fitting.map((known) => (key === "kind" ? known.kind : known.apiVersion));
  return [...new Set(names)].map((label) => ({ ...plain(label, "kind"), description: key === "kind" ? versionsOf(label, fitting) : "" }));
}

function versionsOf(kind: string, kinds: readonly { kind: string; apiVersion: string }[]): string {
  return `apiVersion: ${kinds.filter((known) => known.kind === kind).map((known) => known.apiVersion).join(", ")}`;
}

function beginnings(present: readonly string[]): Option[] {
  const all = [["apiVersion", "apiVersion: "], ["kind", "kind: "], ["metadata", "metadata:\n  name: "]] as const;
  return all.filter(([label]) => !present.includes(label)).map(([label, insert]) => ({ ...plain(label, "string"), insert, required: true }));
}

function plain(label: string, type: string): Option {
  return { label, type, required: false, description: "", insert: label };
}

function values(schema: Schema): Option[] {
  if (schema.type === "boolean") return ["true", "false"].map((label) => plain(label, "value"));
  return (schema.enum ?? []).filter((label) => label !== "").map((label) => plain(label, "value"));
}

function fields(version: GroupVersion, schema: Schema, present: readonly string[]): Option[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {})
    .filter(([label]) => !present.includes(label))
    .map(([label, below]) => {
      const field = resolve(version, below);
      const type = typeName(version, field);
      return { label, type, required: required.has(label), description: field.description ?? "", insert: opening(label, field) };
    })
    .sort((a, b) => Number(b.required) - Number(a.required) || a.label.localeCompare(b.label));
}

function opening(label: string, field: Schema): string {
  const how = nests(field);
  if (how === "map") return `${label}:\n  `;
  if (how === "list") return `${label}:\n  - `;
  return `${label}: `;
}

/** What the documentation says about the field at the cursor. */
export async function explain(text: string, offset: number, cluster: Cluster): Promise<Explanation | null> {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const line = text.slice(start).split("\n", 1)[0]!;
  const key = /^(\s*(?:-\s+)*)(["']?)([^\s"'#:][^"'#:]*)\2\s*:(?=\s|$)/.exec(line);
  if (!key || offset > start + line.length) return null;
  const from = start + key[1]!.length;
  const place = placeAt(text, from);
  const version = place && (await cluster.version(place.apiVersion));
  const parent = version && at(version, place.kind, place.path);
  const field = version && parent ? at(version, place.kind, [...place.path, key[3]!]) : null;
  if (!version || !parent || !field) return null;
  return {
    from,
    to: from + key[3]!.length,
    path: [...place.path, key[3]!].join(".").replaceAll(".[]", "[]"),
    type: typeName(version, field),
    required: parent.required?.includes(key[3]!) ?? false,
    allowed: field.enum ?? [],
    description: field.description ?? "",
  };
}
