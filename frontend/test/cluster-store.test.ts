import { describe, expect, it } from "vitest";
import { ClusterStore } from "../src/cluster-store";
import type { Change, EventItem, Happened, Item, Snapshot } from "../src/wire";

function item(uid: string, resourceVersion = "1"): Item {
  return {
    uid, resourceVersion, apiVersion: "v1", kind: "Pod", name: uid, owner: "", labels: {}, created: "", state: "ready",
    reason: "", message: "", detail: {},
  };
}

function happening(uid: string, last: string): EventItem {
  return { uid, last, type: "Normal", reason: "Pulled", message: "", object: "Pod/a", count: 1 };
}

function snapshot(version: number, items: Item[], epoch = "one", events: EventItem[] = []): Snapshot {
  return { type: "snapshot", epoch, version, items, events };
}

function change(version: number, what: Change["change"], of: Item, epoch = "one"): Change {
  return { type: "change", epoch, version, change: what, item: of };
}

function seen(store: ClusterStore): string[] {
  return store.items.map(({ uid, resourceVersion }) => `${uid}@${resourceVersion}`).sort();
}

describe("ClusterStore", () => {
  it("is empty until the first snapshot", () => {
    const store = new ClusterStore();
    expect(store.empty).toBe(true);
    expect(store.take(snapshot(0, []))).toBe("changed");
    expect(store.empty).toBe(false);
  });

  it("shows after a snapshot and its steps what a fresh snapshot shows", () => {
    const names = ["a", "b", "c", "d"];
    for (let seed = 1; seed <= 50; seed++) {
      const truth = new Map([["a", item("a")]]);
      const store = new ClusterStore();
      store.take(snapshot(0, [...truth.values()]));
      for (let version = 1; version <= 30; version++) {
        const uid = names[(seed * 7 + version * version * 3) % names.length]!;
        const known = truth.has(uid);
        const gone = known && (seed + version) % 3 === 0;
        const now = item(uid, String(version));
        if (gone) truth.delete(uid);
        else truth.set(uid, now);
        expect(store.take(change(version, gone ? "deleted" : known ? "modified" : "added", now))).toBe("changed");
      }
      const fresh = new ClusterStore();
      fresh.take(snapshot(30, [...truth.values()]));
      expect(seen(store)).toEqual(seen(fresh));
    }
  });

  it("ignores a step that the snapshot holds already", () => {
    const store = new ClusterStore();
    store.take(snapshot(5, [item("a", "5")]));
    expect(store.take(change(5, "modified", item("a", "4")))).toBe("same");
    expect(seen(store)).toEqual(["a@5"]);
  });

  it("asks once for a snapshot when a step is missing, and loses none of those that follow", () => {
    const store = new ClusterStore();
    store.take(snapshot(1, []));
    expect(store.take(change(3, "added", item("c")))).toBe("resync");
    expect(store.take(change(4, "added", item("d")))).toBe("same");
    expect(seen(store)).toEqual([]);
    expect(store.take(snapshot(3, [item("b"), item("c")]))).toBe("changed");
    expect(seen(store)).toEqual(["b@1", "c@1", "d@1"]);
    expect(store.take(change(5, "deleted", item("b")))).toBe("changed");
  });

  it("asks again when the snapshot itself is too old for what came meanwhile", () => {
    const store = new ClusterStore();
    store.take(snapshot(1, []));
    store.take(change(5, "added", item("e")));
    expect(store.take(snapshot(3, []))).toBe("resync");
    expect(store.take(snapshot(5, [item("e")]))).toBe("changed");
    expect(seen(store)).toEqual(["e@1"]);
  });

  it("starts over in a new epoch", () => {
    const store = new ClusterStore();
    store.take(snapshot(9, [item("old")]));
    expect(store.take({ type: "hub" })).toBe("resync");
    expect(store.take(change(1, "added", item("new"), "two"))).toBe("same");
    expect(store.take(snapshot(0, [], "two"))).toBe("changed");
    expect(seen(store)).toEqual(["new@1"]);
  });

  it("takes a step of another epoch for a gap", () => {
    const store = new ClusterStore();
    store.take(snapshot(1, []));
    expect(store.take(change(2, "added", item("x"), "two"))).toBe("resync");
  });

  it("forgets what a lost line left half done", () => {
    const store = new ClusterStore();
    store.take(snapshot(1, []));
    store.take(change(9, "added", item("far")));
    store.expectSnapshot();
    expect(store.take(snapshot(9, []))).toBe("changed");
    expect(seen(store)).toEqual([]);
  });

  it("tells events of one second in the order in which they came", () => {
    const store = new ClusterStore();
    store.take(snapshot(0, [], "one", [happening("scheduled", "1"), happening("pulled", "1")]));
    store.take({ type: "event", epoch: "one", version: 1, event: happening("started", "1") });
    store.take({ type: "event", epoch: "one", version: 2, event: happening("pulled", "1") });
    expect(store.events.map(({ uid }) => uid)).toEqual(["pulled", "started", "scheduled"]);
  });

  it("keeps the newest hundred events, newest first, and counts repeats once", () => {
    const store = new ClusterStore();
    store.take(snapshot(0, []));
    for (let version = 1; version <= 120; version++) {
      const event = happening(`e${version}`, String(version).padStart(4, "0"));
      store.take({ type: "event", epoch: "one", version, event } satisfies Happened);
    }
    store.take({ type: "event", epoch: "one", version: 121, event: { ...happening("e60", "0500"), count: 7 } });
    expect(store.events).toHaveLength(100);
    expect(store.events[0]).toMatchObject({ uid: "e60", count: 7 });
    expect(store.events.at(-1)!.uid).toBe("e21");
  });
});
