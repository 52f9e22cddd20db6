import type { Item } from "../wire";
import { word } from "../words";
import { count, flag, text } from "./facts";
import type { Say } from "./layout";

/** The map's own words in the page's language. */
export function sayings(): Say {
  return {
    waiting: word("map.waiting"),
    alone: word("cluster.alone"),
    storage: word("map.storage"),
    configuration: word("map.configuration"),
    unserved: word("cluster.unserved"),
    missing: word("map.missing"),
    resting: word("cluster.older"),
    notReady: word("map.notReady"),
    cordoned: word("map.cordoned"),
    ready: (ready, wanted) => `${ready}/${wanted}`,
    older: (older) => word("map.olderOnes", { count: older }),
  };
}

/** An object in a sentence, for whoever hears the map. */
export function labelOf(item: Item, marked: boolean): string {
  const facts = [
    `${item.kind} ${item.name}`,
    item.reason || stateOf(item),
    item.detail["wanted"] === undefined ? "" : word("cluster.ready", { ready: count(item, "ready"), wanted: count(item, "wanted") }),
    item.kind === "Pod" && text(item, "node") ? word("map.on", { node: text(item, "node") }) : "",
    marked ? word("map.marked") : "",
  ];
  return facts.filter(Boolean).join(", ");
}

/** How it is, in a word or two. */
export function stateOf(item: Item): string {
  if (item.kind !== "Node") return word(`state.${item.state}`);
  if (item.state === "failing") return word("map.notReady");
  return flag(item, "unschedulable") ? word("map.cordoned") : word("state.ready");
}
