import type { Item } from "../src/wire";

/** An item with what a test wants to say of it. */
export function item(kind: string, name: string, more: Partial<Item> = {}): Item {
  return {
    uid: `${kind}/${name}`, kind, name, apiVersion: "v1", resourceVersion: "1", owner: "", labels: {}, created: "1",
    state: "ok", reason: "", message: "", detail: {}, ...more,
  };
}

export function node(name: string, detail: Record<string, unknown> = {}): Item {
  return item("Node", name, { state: "ready", detail: { ready: true, unschedulable: false, ...detail } });
}

export function pod(name: string, on: string, owner = "", more: Partial<Item> = {}): Item {
  const { detail = {}, ...rest } = more;
  return item("Pod", name, { owner, state: on ? "ready" : "pending", detail: { node: on, ...detail }, ...rest });
}

export function replicaSet(name: string, wanted: number, revision: string, owner = "Deployment/web"): Item {
  return item("ReplicaSet", name, { owner, detail: { wanted, ready: wanted, revision, images: ["nginx:1.27"] } });
}

/** A rollout half way: two of the old, one of the new, one on its way. */
export function rollout(): Item[] {
  return [
    node("node-1"), node("node-2"), node("node-3"),
    item("Deployment", "web", { detail: { wanted: 3, ready: 3 } }),
    replicaSet("web-old", 2, "1"),
    replicaSet("web-new", 2, "2"),
    pod("web-old-a", "node-1", "ReplicaSet/web-old", { detail: { configs: ["settings"] } }),
    pod("web-old-b", "node-2", "ReplicaSet/web-old", { detail: { configs: ["settings"] } }),
    pod("web-new-c", "node-3", "ReplicaSet/web-new", { detail: { configs: ["settings"] } }),
    pod("web-new-d", "", "ReplicaSet/web-new"),
    item("Service", "web", { detail: { type: "ClusterIP", ports: [{ port: 80, targetPort: 80 }] } }),
    item("EndpointSlice", "web-1", {
      detail: {
        service: "web",
        endpoints: [
          { ready: true, pod: "web-old-a" }, { ready: true, pod: "web-old-b" }, { ready: false, pod: "web-new-c" },
        ],
      },
    }),
    item("Ingress", "front", { detail: { hosts: ["shop"], routes: [{ host: "shop", path: "/", service: "web" }] } }),
    item("ConfigMap", "settings", { detail: { keys: ["a"] } }),
    item("ConfigMap", "unused", { detail: { keys: [] } }),
    item("PersistentVolumeClaim", "data", { detail: { volume: "pv-1", class: "standard", capacity: "1Gi" } }),
    item("PersistentVolume", "pv-1", { state: "ready", detail: { claim: "data", class: "standard" } }),
    item("StorageClass", "standard"),
    item("HorizontalPodAutoscaler", "web", { detail: { target: "Deployment/web", least: 1, most: 5 } }),
  ];
}
