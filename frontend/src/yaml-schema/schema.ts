/** What the server sends of one group version, as k8slab/kube/openapi.py trims it. */
export interface Schema {
  type?: string; // also "int-or-string" and "quantity"
  description?: string;
  format?: string;
  enum?: string[];
  required?: string[];
  ref?: string;
  items?: Schema;
  additionalProperties?: Schema;
  properties?: Record<string, Schema>;
  open?: boolean; // unknown fields are kept
}

export interface GroupVersion {
  apiVersion: string;
  kinds: Record<string, string>;
  definitions: Record<string, Schema>;
}

export interface Kind {
  apiVersion: string;
  kind: string;
  namespaced: boolean;
}

/** A schema with its reference followed; the description beside the reference is the better one. */
export function resolve(version: GroupVersion, schema: Schema | undefined): Schema {
  if (!schema?.ref) return schema ?? {};
  const { description } = schema;
  const found = version.definitions[schema.ref] ?? {};
  return description ? { ...found, description } : found;
}

export function schemaOf(version: GroupVersion, kind: string): Schema | null {
  const name = version.kinds[kind];
  return name ? (version.definitions[name] ?? null) : null;
}

/** The schema at a path; "[]" is an item of a list. null where nothing is said about it. */
export function at(version: GroupVersion, kind: string, path: readonly string[]): Schema | null {
  let here: Schema | null = schemaOf(version, kind);
  for (const step of path) {
    if (!here) return null;
    const below: Schema | undefined = step === "[]" ? here.items : (here.properties?.[step] ?? here.additionalProperties);
    here = below ? resolve(version, below) : null;
  }
  return here;
}

/** Whether a field of this schema is opened by indenting below it. */
export function nests(schema: Schema): "map" | "list" | "" {
  if (schema.type === "array" || schema.items) return "list";
  return schema.properties || schema.additionalProperties || schema.type === "object" ? "map" : "";
}

/** The type in a student's words' key: "list of map" stays for the page to say. */
export function typeName(version: GroupVersion, schema: Schema): string {
  const { type } = schema;
  if (schema.items) return `[]${typeName(version, resolve(version, schema.items))}`;
  return type ?? (nests(schema) ? "object" : "");
}

/** The name that looks most like `wanted`, "" when none does. */
export function nearest(wanted: string, names: Iterable<string>): string {
  let best = "";
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const name of names) {
    const distance = name.toLowerCase() === wanted.toLowerCase() ? 0 : edits(wanted.toLowerCase(), name.toLowerCase(), least);
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}

/** Levenshtein's distance, or `most` when it is not less; two neighbours swapped count as one edit. */
function edits(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) >= most) return most;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      next.push(cost);
    }
    [before, row] = [row, next];
  }
  return Math.min(row[b.length]!, most);
}
