import type { Item, ItemState } from "../wire";

/** An object with what it keeps: Deployment → ReplicaSet → Pod. */
export interface Family {
  item: Item;
  children: Family[];
  pods: Item[];
}

/** A Service with the endpoints of all its slices. */
export interface Served {
  item: Item;
  ready: number;
  all: number;
}

export interface Families {
  workloads: Family[];
  alone: Item[]; // pods without an owner
  services: Served[];
  others: Item[];
}

const WORKLOADS = new Set([
  "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicationController",
]);
const UNSEEN = new Set(["EndpointSlice", "Endpoints", "Event", "ControllerRevision"]); // told by what they belong to

interface Endpoint {
  ready: boolean;
}

/** Everything in the namespace, in the order in which one thinks about it. */
export function familiesOf(items: readonly Item[]): Families {
  const known = new Map(items.map((item) => [item.uid, item]));
  const kept = new Map<string, Item[]>();
  for (const item of items) if (known.has(item.owner)) kept.set(item.owner, [...(kept.get(item.owner) ?? []), item]);
  const roots = items.filter((item) => !known.has(item.owner));
  return {
    workloads: roots.filter(isWorkload).map((item) => familyOf(item, kept)).sort(byName((family) => family.item)),
    alone: roots.filter((item) => item.kind === "Pod").sort(byAge),
    services: items.filter((item) => item.kind === "Service").map((item) => servedBy(item, items)).sort(byName((served) => served.item)),
    others: items.filter((item) => isOther(item) && !known.has(item.owner)).sort(byKind),
  };
}

function isWorkload(item: Item): boolean {
  return WORKLOADS.has(item.kind);
}

function isOther(item: Item): boolean {
  return !isWorkload(item) && !UNSEEN.has(item.kind) && item.kind !== "Pod" && item.kind !== "Service";
}

function familyOf(item: Item, kept: ReadonlyMap<string, Item[]>): Family {
  const own = kept.get(item.uid) ?? [];
  return {
    item,
    children: own.filter(isWorkload).sort(newestFirst).map((child) => familyOf(child, kept)),
    pods: own.filter((child) => child.kind === "Pod").sort(byAge),
  };
}

function servedBy(item: Item, items: readonly Item[]): Served {
  const slices = items.filter((other) => other.kind === "EndpointSlice" && other.detail["service"] === item.name);
  const endpoints = slices.flatMap((slice) => (slice.detail["endpoints"] ?? []) as Endpoint[]);
  return { item, ready: endpoints.filter((endpoint) => endpoint.ready).length, all: endpoints.length };
}

/** An old ReplicaSet that keeps nothing now: there for a rollback, and in nobody's way. */
export function atRest(family: Family): boolean {
  return family.pods.length === 0 && family.children.length === 0 && family.item.detail["wanted"] === 0;
}

export type Tone = "good" | "bad" | "warm" | "busy" | "idle";
const TONES: Record<ItemState, Tone> = {
  ok: "idle",
  pending: "warm",
  starting: "busy",
  running: "busy",
  ready: "good",
  succeeded: "good",
  failing: "bad",
  terminating: "idle",
  unknown: "warm",
};

export function toneOf(state: ItemState): Tone {
  return TONES[state];
}

/** What tells a pod from its siblings: the end of a name that a controller made. */
export function shortName(pod: Item): string {
  return pod.owner ? pod.name.slice(pod.name.lastIndexOf("-") + 1) : pod.name;
}

/** CrashLoopBackOff may break between its words, and only there. */
export function humps(reason: string): string[] {
  return reason.split(/(?<=[a-z])(?=[A-Z])/);
}

function byName<T>(of: (value: T) => Item): (a: T, b: T) => number {
  return (a, b) => of(a).name.localeCompare(of(b).name);
}

function byAge(a: Item, b: Item): number {
  return a.created.localeCompare(b.created) || a.name.localeCompare(b.name);
}

function newestFirst(a: Item, b: Item): number {
  return revision(b) - revision(a) || -byAge(a, b);
}

function revision(item: Item): number {
  return Number(item.detail["revision"]) || 0;
}

function byKind(a: Item, b: Item): number {
  return a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name);
}
