import type { ObjectUrls } from "../object-drawer/object-reader";
import type { EventItem, Item, Sandbox } from "../wire";

/** What the map is given; `marked`: what the unsolved checks look at, as "Deployment/web", "Pod?app=web" or "Pod". */
export interface ClusterPicture extends HTMLElement {
  items: Item[];
  events: EventItem[];
  sandbox: Sandbox | null;
  known: boolean;
  marked: string[];
  urls: ObjectUrls | null;
}

/** `<cluster-map>` in its pane. Its code comes after the page's. */
export function mountPicture(root: HTMLElement, urls: ObjectUrls): ClusterPicture {
  const map = document.createElement("cluster-map") as ClusterPicture;
  Object.assign(map, { items: [], events: [], sandbox: null, known: false, marked: [], urls });
  root.querySelector("[data-map-place]")!.append(map);
  void import("../cluster-map/define");
  return map;
}
