import type { Item } from "../wire";
import { fit, widthOf } from "./measure";
import { count, imageName, type Port, records, text, texts } from "./facts";
import type { Say } from "./layout";
import type { Card, Feed, Row, Served } from "./scenery";

/** A schedule, or how many are ready: of the pods that are shown, so that the figures move with them. */
export function headNote({ item, rows }: Card, say: Say): string {
  if (!item) return "";
  if (item.kind === "CronJob") return text(item, "schedule");
  if (item.kind === "Job") return say.ready(count(item, "ready"), count(item, "wanted"));
  const ready = rows.reduce((sum, row) => sum + readyIn(row), 0);
  return say.ready(ready, count(item, "wanted"));
}

function readyIn({ pods }: Row): number {
  return pods.filter((pod) => pod.state === "ready").length;
}

/** What tells one ReplicaSet from the next: revision, image, and its hash where there is room. */
export function rowTitle({ head }: Row, room: number): string {
  if (!head) return "";
  const [image] = texts(head, "images");
  const revision = text(head, "revision");
  const parts = [revision ? `#${revision}` : "", image ? imageName(image) : ""].filter(Boolean);
  const whole = [...parts, parts.length ? head.name.slice(head.name.lastIndexOf("-") + 1) : head.name].join(" · ");
  return widthOf(whole, 11.5) <= room ? whole : fit(parts.join(" · ") || head.name, room, 11.5);
}

export function rowNote(row: Row, say: Say): string {
  const { head, pods, missing, resting } = row;
  if (!head) return "";
  if (resting) return say.resting;
  if (head.kind === "Job") return say.ready(count(head, "ready"), count(head, "wanted"));
  return say.ready(readyIn(row), pods.filter((pod) => pod.state !== "terminating").length + missing);
}

export function serviceNote({ item, all, ready }: Served, say: Say): string {
  if (text(item, "type") === "ExternalName") return "ExternalName";
  if (ready === 0) return say.unserved;
  const [port] = records<Port>(item, "ports");
  const ports = port ? `:${port.nodePort || port.port}` : "";
  return ready < all ? `${ready}/${all} ${ports}` : `${text(item, "type")}${ports}`;
}

export function chipNote(feed: Feed, say: Say): string {
  if (!feed.item) return ` ${say.missing}`;
  return feed.kind === "PersistentVolumeClaim" ? ` ${text(feed.item, "capacity")}` : "";
}

/** A pod's whole name where it fits, else the end that tells it from its siblings. */
export function podTitle(pod: Item, width: number): string {
  if (!pod.owner || widthOf(pod.name, 10.5, true) <= width) return fit(pod.name, width, 10.5, true);
  return fit(pod.name.slice(pod.name.lastIndexOf("-") + 1), width, 10.5, true);
}
