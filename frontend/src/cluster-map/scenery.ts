import type { Item } from "../wire";
import { count, type Endpoint, flag, records, type Route, text, texts } from "./facts";
import { atRest, familiesOf, type Family } from "./families";

/** Pods of one ReplicaSet, Job or other keeper. */
export interface Row {
  id: string;
  head: Item | null; // null: the card's own pods
  pods: Item[];
  missing: number; // wanted and not there
  resting: boolean; // kept for a rollback
}

/** Something that pods are fed with; `item` null: it is asked for and does not exist. */
export interface Feed {
  kind: string;
  name: string;
  item: Item | null;
  pods: Item[];
}

/** A workload and what belongs to it alone. `item` null: the pods that nothing keeps. */
export interface Card {
  id: string;
  item: Item | null;
  rows: Row[];
  older: number; // resting ReplicaSets that are not shown
  scaler: Item | null;
  claims: Feed[];
  feeds: Feed[];
}

export interface Behind {
  pod: Item;
  ready: boolean;
}

export interface Served {
  item: Item;
  behind: Behind[];
  all: number;
  ready: number;
}

export interface Entry {
  item: Item;
  services: Item[];
}

/** A node, or a name that a pod is on and nobody knows more about. */
export interface Place {
  name: string;
  item: Item | null;
  open: boolean; // ready, and takes new pods
}

export interface Scenery {
  places: Place[];
  cards: Card[];
  entries: Entry[];
  services: Served[];
  claims: Feed[]; // of several cards, or of none
  feeds: Feed[];
  volumes: Item[];
  classes: Item[];
}

const RESTING_SHOWN = 1;
const JOBS_SHOWN = 3;
const FEEDS: readonly (readonly [key: string, kind: string])[] = [["configs", "ConfigMap"], ["secrets", "Secret"]];
const CLAIMS: readonly (readonly [key: string, kind: string])[] = [["claims", "PersistentVolumeClaim"]];

/** Everything in the namespace as what it is to each other. */
export function sceneryOf(items: readonly Item[]): Scenery {
  const families = familiesOf(items);
  const scalers = of(items, "HorizontalPodAutoscaler");
  const cards = families.workloads.map((family) => cardOf(family, scalers));
  if (families.alone.length) cards.push(aloneCard(families.alone));
  const claims = share(cards, feedsOf(items, CLAIMS), "claims");
  const feeds = share(cards, feedsOf(items, FEEDS), "feeds");
  return {
    places: placesOf(items),
    cards,
    entries: of(items, "Ingress").map((item) => entryOf(item, items)),
    services: of(items, "Service").map((item) => servedBy(item, items)),
    claims,
    feeds,
    volumes: of(items, "PersistentVolume"),
    classes: of(items, "StorageClass"),
  };
}

function of(items: readonly Item[], kind: string): Item[] {
  return items.filter((item) => item.kind === kind).sort((a, b) => a.name.localeCompare(b.name));
}

function placesOf(items: readonly Item[]): Place[] {
  const places = of(items, "Node").map((item): Place => {
    return { name: item.name, item, open: flag(item, "ready") && !flag(item, "unschedulable") };
  });
  const known = new Set(places.map((place) => place.name));
  const told = new Set(items.filter((item) => item.kind === "Pod").map((pod) => text(pod, "node")));
  const others = [...told].filter((name) => name && !known.has(name)).map((name) => ({ name, item: null, open: true }));
  return [...places, ...others].sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}

function cardOf(family: Family, scalers: readonly Item[]): Card {
  const { item } = family;
  const resting = family.children.filter(atRest);
  const shown = new Set([...family.children.filter((child) => !atRest(child)), ...resting.slice(0, RESTING_SHOWN)]);
  const children = family.children.filter((child) => shown.has(child));
  const rows = (item.kind === "CronJob" ? children.slice(0, JOBS_SHOWN) : children).map(rowOf);
  if (family.pods.length || !family.children.length) rows.unshift({ ...rowOf(family), head: null });
  return {
    id: item.uid,
    item,
    rows,
    older: family.children.length - rows.filter((row) => row.head).length,
    scaler: scalers.find((scaler) => text(scaler, "target") === `${item.kind}/${item.name}`) ?? null,
    claims: [],
    feeds: [],
  };
}

function rowOf(family: Family): Row {
  const staying = family.pods.filter((pod) => pod.state !== "terminating").length;
  const counted = family.item.kind !== "Job" && family.item.kind !== "CronJob" && family.item.state !== "terminating";
  return {
    id: family.item.uid,
    head: family.item,
    pods: family.pods,
    missing: counted && !family.children.length ? Math.max(0, count(family.item, "wanted") - staying) : 0,
    resting: atRest(family),
  };
}

function aloneCard(pods: Item[]): Card {
  const row: Row = { id: "alone", head: null, pods, missing: 0, resting: false };
  return { id: "alone", item: null, rows: [row], older: 0, scaler: null, claims: [], feeds: [] };
}

/** All that feeds pods, also what they ask for in vain. */
function feedsOf(items: readonly Item[], asked: typeof FEEDS): Feed[] {
  const feeds = new Map<string, Feed>();
  for (const [key, kind] of asked) {
    for (const item of of(items, kind)) feeds.set(`${kind}/${item.name}`, { kind, name: item.name, item, pods: [] });
    for (const pod of items) {
      if (pod.kind !== "Pod" || pod.state === "succeeded") continue;
      for (const name of texts(pod, key)) {
        const feed = feeds.get(`${kind}/${name}`) ?? { kind, name, item: null, pods: [] };
        feed.pods.push(pod);
        feeds.set(`${kind}/${name}`, feed);
      }
    }
  }
  return [...feeds.values()];
}

/** Puts what feeds one card alone into that card; returns the rest. */
function share(cards: readonly Card[], feeds: readonly Feed[], part: "claims" | "feeds"): Feed[] {
  const home = new Map(cards.flatMap((card) => card.rows.flatMap((row) => row.pods.map((pod) => [pod.uid, card] as const))));
  return feeds.filter((feed) => {
    const users = new Set(feed.pods.map((pod) => home.get(pod.uid)));
    const [only] = users;
    if (users.size !== 1 || !only) return true;
    only[part].push(feed);
    return false;
  });
}

function entryOf(item: Item, items: readonly Item[]): Entry {
  const names = new Set(records<Route>(item, "routes").map((route) => route.service));
  return { item, services: of(items, "Service").filter((service) => names.has(service.name)) };
}

function servedBy(item: Item, items: readonly Item[]): Served {
  const slices = items.filter((other) => other.kind === "EndpointSlice" && text(other, "service") === item.name);
  const endpoints = slices.flatMap((slice) => records<Endpoint>(slice, "endpoints"));
  const pods = new Map(items.filter((other) => other.kind === "Pod").map((pod) => [pod.name, pod]));
  const behind = new Map<string, Behind>(); // a pod has an endpoint in each address family
  for (const { ready, pod: name } of endpoints) {
    const pod = pods.get(name);
    if (pod) behind.set(name, { pod, ready: ready || (behind.get(name)?.ready ?? false) });
  }
  return { item, behind: [...behind.values()], all: endpoints.length, ready: endpoints.filter(({ ready }) => ready).length };
}
