import { expect, it } from "vitest";
import { atRest, familiesOf, humps, shortName } from "../src/cluster-map/families";
import type { Item } from "../src/wire";

function item(kind: string, name: string, owner = "", detail: Record<string, unknown> = {}, created = "1"): Item {
  return {
    uid: `${kind}/${name}`, kind, name, owner, detail, created, apiVersion: "v1", resourceVersion: "1", labels: {},
    state: "ok", reason: "", message: "",
  };
}

it("puts pods under what keeps them, the newest ReplicaSet first", () => {
  const { workloads, alone } = familiesOf([
    item("Pod", "web-b-2", "ReplicaSet/web-b", {}, "3"),
    item("ReplicaSet", "web-a", "Deployment/web", { wanted: 0, revision: "1" }),
    item("ReplicaSet", "web-b", "Deployment/web", { wanted: 2, revision: "2" }),
    item("Pod", "web-b-1", "ReplicaSet/web-b", {}, "2"),
    item("Deployment", "web"),
    item("Pod", "client"),
    item("Pod", "orphan", "ReplicaSet/gone"),
  ]);
  expect(workloads).toHaveLength(1);
  const [current, old] = workloads[0]!.children;
  expect(current!.pods.map(({ name }) => name)).toEqual(["web-b-1", "web-b-2"]);
  expect([atRest(current!), atRest(old!)]).toEqual([false, true]);
  expect(alone.map(({ name }) => name)).toEqual(["client", "orphan"]);
});

it("counts a service's endpoints over all its slices, and lists no slice by itself", () => {
  const { services, others } = familiesOf([
    item("Service", "web"),
    item("Service", "lost"),
    item("EndpointSlice", "web-1", "Service/web", { service: "web", endpoints: [{ ready: true }, { ready: false }] }),
    item("EndpointSlice", "web-2", "", { service: "web", endpoints: [{ ready: true }] }),
    item("ConfigMap", "settings"),
  ]);
  expect(services.map(({ item: { name }, ready, all }) => [name, ready, all])).toEqual([["lost", 0, 0], ["web", 2, 3]]);
  expect(others.map(({ kind }) => kind)).toEqual(["ConfigMap"]);
});

it("names a controller's pod by its end and a lone pod in full", () => {
  expect(shortName(item("Pod", "web-5d4f-x2k4p", "ReplicaSet/web"))).toBe("x2k4p");
  expect(shortName(item("Pod", "two-containers"))).toBe("two-containers");
});

it("breaks a reason between its words", () => {
  expect(humps("CreateContainerConfigError")).toEqual(["Create", "Container", "Config", "Error"]);
  expect(humps("OOMKilled")).toEqual(["OOMKilled"]);
});
