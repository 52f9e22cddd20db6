import { type Route, records } from "../cluster-map/facts";
import type { Item } from "../wire";
import { word } from "../words";

type Line = [label: string, value: string];

/** The facts of one object, for its open card. Empty ones are left out. */
export function linesOf(item: Item): Line[] {
  const lines = (LINES[item.kind] ?? otherLines)(item);
  const labels = Object.entries(item.labels).map(([key, value]) => `${key}=${value}`);
  const all: Line[] = [
    ...lines,
    [word("detail.labels"), labels.join(", ")],
    [word("detail.message"), [item.reason, item.message].filter(Boolean).join(": ")],
  ];
  return all.filter(([, value]) => value !== "");
}

const LINES: Record<string, (item: Item) => Line[]> = { Pod: podLines, Service: serviceLines, Ingress: ingressLines };

function podLines({ detail }: Item): Line[] {
  const restarts = Number(detail["restarts"] ?? 0);
  return [
    [word("detail.containers"), word("cluster.ready", { ready: Number(detail["ready"]), wanted: Number(detail["containers"]) })],
    [word("detail.restarts"), restarts ? String(restarts) : ""],
    [word("detail.images"), strings(detail["images"]).join(", ")],
    [word("detail.node"), text(detail["node"])],
    [word("detail.address"), text(detail["ip"])],
  ];
}

interface Port {
  port: number;
  targetPort: number | string;
}

function serviceLines({ detail }: Item): Line[] {
  const ports = ((detail["ports"] ?? []) as Port[]).map(({ port, targetPort }) => `${port} → ${targetPort}`);
  const selector = Object.entries((detail["selector"] ?? {}) as Record<string, string>);
  return [
    ["type", text(detail["type"])],
    [word("detail.address"), text(detail["clusterIP"])],
    ["port → targetPort", ports.join(", ")],
    ["selector", selector.map(([key, value]) => `${key}=${value}`).join(", ")],
  ];
}

function ingressLines(item: Item): Line[] {
  return records<Route>(item, "routes").map(({ host, path, service }) => [`${host}${path}`, `Service/${service}`]);
}

/** Kinds that nobody worded yet show their plain facts under the API's own names. */
function otherLines({ detail }: Item): Line[] {
  return Object.entries(detail).map(([key, value]) => [key, Array.isArray(value) ? strings(value).join(", ") : text(value)]);
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(text) : [];
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
