import { imageName, type Port, records, type Route, text, texts } from "../cluster-map/facts";
import type { Scenery, Served } from "../cluster-map/scenery";
import type { Item } from "../wire";
import { word } from "../words";

/** What an object has to do with others, in words: what the map draws as lines and places. */
export function relationsOf(item: Item, items: ReadonlyMap<string, Item>, scenery: Scenery): string[] {
  const keeper = items.get(item.owner);
  const own = RELATIONS[item.kind]?.(item, scenery) ?? [];
  return [keeper ? word("table.keptBy", { object: `${keeper.kind} ${keeper.name}` }) : "", ...own].filter(Boolean);
}

type Relate = (item: Item, scenery: Scenery) => string[];

const RELATIONS: Record<string, Relate> = {
  Pod: (pod, { services }) => [
    text(pod, "node") ? word("map.on", { node: text(pod, "node") }) : word("map.waiting"),
    ...services.flatMap((served) => behind(served, pod)),
    ...texts(pod, "configs").map((name) => word("table.fedBy", { object: `ConfigMap ${name}` })),
    ...texts(pod, "secrets").map((name) => word("table.fedBy", { object: `Secret ${name}` })),
    ...texts(pod, "claims").map((name) => word("table.fedBy", { object: `PersistentVolumeClaim ${name}` })),
  ],
  Service: (item, { services }) => {
    const served = services.find((one) => one.item === item);
    const [port] = records<Port>(item, "ports");
    return [
      text(item, "type"),
      port ? `${port.port} → ${port.targetPort}` : "",
      served && served.all ? word("cluster.endpoints", { ready: served.ready, all: served.all }) : word("cluster.unserved"),
    ];
  },
  Ingress: (item) => records<Route>(item, "routes").map(({ host, path, service }) => `${host}${path} → ${service}`),
  HorizontalPodAutoscaler: (item) => [`${text(item, "target")}: ${text(item, "least")}–${text(item, "most")}`],
  PersistentVolumeClaim: (item) => [text(item, "volume"), text(item, "class"), text(item, "capacity")],
  PersistentVolume: (item) => [text(item, "claim"), text(item, "class"), text(item, "capacity")],
  StorageClass: (item) => [text(item, "provisioner")],
  Node: (item) => [text(item, "zone"), ...texts(item, "taints")],
  ReplicaSet: images,
  Deployment: images,
  StatefulSet: images,
  DaemonSet: images,
};

function images(item: Item): string[] {
  return texts(item, "images").map(imageName);
}

function behind({ item, behind: pods }: Served, pod: Item): string[] {
  const found = pods.find((one) => one.pod === pod);
  if (!found) return [];
  return [word(found.ready ? "table.servedBy" : "table.notServedBy", { object: item.name })];
}
