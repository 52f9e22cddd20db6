import { describe, expect, it } from "vitest";
import { layout, type Say } from "../src/cluster-map/layout";
import type { Box, Picture } from "../src/cluster-map/picture";
import { sceneryOf } from "../src/cluster-map/scenery";
import type { Item } from "../src/wire";
import { item, node, pod, replicaSet, rollout } from "./cluster";

const say: Say = {
  waiting: "waiting", alone: "alone", storage: "storage", configuration: "configuration", unserved: "no endpoints",
  missing: "missing", resting: "resting", notReady: "not ready", cordoned: "cordoned",
  ready: (ready, wanted) => `${ready}/${wanted}`,
  older: (count) => `${count} older`,
};

function picture(items: Item[], width = 900): Picture {
  return layout(sceneryOf(items), width, say);
}

function box(drawn: Picture, id: string): Box {
  const found = drawn.boxes.find((one) => one.id === id);
  if (!found) throw new Error(`${id} is not on the map`);
  return found;
}

function inside(inner: Box, outer: Box): boolean {
  return inner.x >= outer.x && inner.x + inner.w <= outer.x + outer.w && inner.y >= outer.y && inner.y + inner.h <= outer.y + outer.h;
}

function apart(a: Box, b: Box): boolean {
  return a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
}

const SOLID = new Set(["pod", "service", "entry", "chip", "head", "row", "scaler"]);

function many(count: number, nodes: number): Item[] {
  const places = Array.from({ length: nodes }, (_, index) => node(`node-${index}`));
  const owner = replicaSet("big", count, "", "");
  return [...places, owner, ...Array.from({ length: count }, (_, index) => pod(`big-${index}`, `node-${index % nodes}`, owner.uid))];
}

describe("layout", () => {
  it.each([[rollout(), 360], [rollout(), 520], [rollout(), 1400], [many(200, 10), 1000], [many(30, 3), 390]])(
    "puts nothing on top of anything else, and nothing outside (%#)",
    (items, width) => {
      const drawn = picture(items, width);
      const solid = drawn.boxes.filter((one) => SOLID.has(one.shape));
      for (const [index, one] of solid.entries()) {
        for (const other of solid.slice(index + 1)) expect(apart(one, other), `${one.id} and ${other.id}`).toBe(true);
        expect(one.x).toBeGreaterThanOrEqual(0);
        expect(one.x + one.w).toBeLessThanOrEqual(drawn.width);
        expect(one.y + one.h).toBeLessThanOrEqual(drawn.height);
      }
    },
  );

  it("puts each pod on its node, and one without a node into the lane", () => {
    const drawn = picture(rollout());
    for (const [name, place] of [["web-old-a", "node-1"], ["web-old-b", "node-2"], ["web-new-c", "node-3"]]) {
      expect(inside(box(drawn, `Pod/${name}`), box(drawn, `Node/${place}`))).toBe(true);
    }
    expect(inside(box(drawn, "Pod/web-new-d"), box(drawn, "lane"))).toBe(true);
  });

  it("keeps a Deployment's pods in its card, the new ReplicaSet above the old one", () => {
    const drawn = picture(rollout());
    const card = box(drawn, "card/Deployment/web");
    for (const name of ["web-old-a", "web-old-b", "web-new-c", "web-new-d"]) expect(inside(box(drawn, `Pod/${name}`), card)).toBe(true);
    expect(box(drawn, "ReplicaSet/web-new").y).toBeLessThan(box(drawn, "ReplicaSet/web-old").y);
    expect(box(drawn, "ReplicaSet/web-old").note).toBe("2/2");
  });

  it("shows in the lane what is wanted and not there", () => {
    const drawn = picture([node("node-1"), replicaSet("web", 3, "", ""), pod("web-a", "node-1", "ReplicaSet/web")]);
    expect(drawn.boxes.filter((one) => one.shape === "ghost")).toHaveLength(2);
  });

  it("lets an old ReplicaSet rest in one line, and counts those before it", () => {
    const items = [item("Deployment", "web", { detail: { wanted: 0 } }), ...["1", "2", "3", "4"].map((revision) => replicaSet(`web-${revision}`, 0, revision))];
    const drawn = picture(items);
    expect(drawn.boxes.filter((one) => one.shape === "row").map((one) => [one.id, one.note])).toEqual([["ReplicaSet/web-4", "resting"]]);
    expect(box(drawn, "older/Deployment/web").note).toBe("3 older");
  });

  it("leads from a Service to what is ready, and breaks off before what is not", () => {
    const bonds = new Map(picture(rollout()).lines.map((line) => [line.id, line.bond]));
    expect(bonds.get("Service/web>Pod/web-old-a")).toBe("serves");
    expect(bonds.get("Service/web>Pod/web-new-c")).toBe("broken");
    expect(bonds.has("Service/web>Pod/web-new-d")).toBe(false);
    expect(bonds.get("Ingress/front>Service/web")).toBe("routes");
  });

  it("feeds pods from what is there and from what is missing", () => {
    const drawn = picture([node("node-1"), pod("a", "node-1", "", { detail: { configs: ["gone"] } })]);
    expect(drawn.lines.map((line) => [line.id, line.bond])).toEqual([["missing/ConfigMap/gone>Pod/a", "lacks"]]);
    expect(box(drawn, "missing/ConfigMap/gone").off).toBe(true);
    const bonds = picture(rollout()).lines.filter((line) => line.bond === "feeds").map((line) => line.id);
    expect(bonds.sort()).toEqual(["web-new-c", "web-old-a", "web-old-b"].map((name) => `ConfigMap/settings>Pod/${name}`));
  });

  it("links claim, volume and class", () => {
    const bonds = picture(rollout()).lines.filter((line) => line.bond === "bound").map((line) => line.id);
    expect(bonds).toEqual(["PersistentVolumeClaim/data>PersistentVolume/pv-1", "PersistentVolume/pv-1>StorageClass/standard"]);
    const waiting = [item("PersistentVolumeClaim", "data", { detail: { class: "standard", volume: "" } }), item("StorageClass", "standard")];
    expect(picture(waiting).lines.map((line) => line.bond)).toEqual(["waits"]);
  });

  it("says of a node what is wrong with it, and still places pods on one that nobody knows", () => {
    const drawn = picture([node("a", { unschedulable: true }), item("Node", "b", { state: "failing" }), pod("p", "c")]);
    expect([box(drawn, "Node/a").note, box(drawn, "Node/b").note]).toEqual(["cordoned", "not ready"]);
    expect(inside(box(drawn, "Pod/p"), box(drawn, "node/c"))).toBe(true);
  });

  it("draws an empty namespace as its nodes", () => {
    const drawn = picture([node("node-1"), node("node-2")]);
    expect(drawn.boxes.map((one) => one.shape)).toEqual(["lane", "node", "node"]);
  });
});
