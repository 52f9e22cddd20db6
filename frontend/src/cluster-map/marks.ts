import type { Item } from "../wire";

/** Whether one of "Deployment/web", "Pod?app=web,tier=front" and "Pod" means the item. */
export function isMarked(item: Item, marks: readonly string[]): boolean {
  return marks.some((mark) => means(mark, item));
}

function means(mark: string, item: Item): boolean {
  const [kind, rest = ""] = mark.split(/[/?](.*)/s);
  if (kind !== item.kind) return false;
  if (mark.includes("?")) return rest.split(",").every((pair) => has(item, pair));
  return !mark.includes("/") || rest === item.name;
}

function has(item: Item, pair: string): boolean {
  const at = pair.indexOf("=");
  return item.labels[pair.slice(0, at)] === pair.slice(at + 1);
}
