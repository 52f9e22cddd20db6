import type { EventItem, Item, Sandbox } from "../wire";

/** What the picture of the cluster is given; `marked`: "Kind/name" of what an unsolved check looks at. */
export interface ClusterPicture extends HTMLElement {
  items: Item[];
  events: EventItem[];
  sandbox: Sandbox | null;
  known: boolean;
  marked: string[];
}

const maps = import.meta.glob("../cluster-map/define.ts");
const lists = import.meta.glob("../cluster-view/define.ts");

/** The picture in its pane: `<cluster-map>`, in a build without it `<cluster-view>`. Its code comes after the page's. */
export function mountPicture(root: HTMLElement): ClusterPicture {
  const [map] = Object.values(maps);
  const [list] = Object.values(lists);
  const picture = document.createElement(map ? "cluster-map" : "cluster-view") as ClusterPicture;
  Object.assign(picture, { items: [], events: [], sandbox: null, known: false, marked: [] });
  root.querySelector("[data-map-place]")!.append(picture);
  void (map ?? list)?.();
  return picture;
}
