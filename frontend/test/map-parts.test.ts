import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Scene } from "../src/cluster-scene/scene";
import { differences, History } from "../src/cluster-map/history";
import { isMarked } from "../src/cluster-map/marks";
import { fit, widthOf } from "../src/cluster-map/measure";
import { Pace } from "../src/cluster-map/pace";
import type { Box } from "../src/cluster-map/picture";
import { first, nearest, next } from "../src/cluster-map/walk";
import { openWire, wire } from "../src/cluster-map/wires";
import type { Item, Step } from "../src/wire";
import { item, pod } from "./cluster";

function changed(thing: Item, resourceVersion: string): Item {
  return { ...thing, resourceVersion };
}

function names(items: readonly Item[]): string[] {
  return items.map((one) => `${one.name}@${one.resourceVersion}`).sort();
}

describe("History", () => {
  const a = item("ConfigMap", "a");
  const b = item("ConfigMap", "b");

  it("goes back to each moment, and forward to the present", () => {
    const history = new History();
    history.record([a], 1000);
    history.record([a, b], 2000);
    history.record([changed(a, "2"), b], 3000);
    history.record([b], 4000);
    expect(history.length).toBe(3);
    expect([0, 1, 2, 3].map((moment) => names(history.at(moment)))).toEqual([["a@1"], ["a@1", "b@1"], ["a@2", "b@1"], ["b@1"]]);
    expect(history.time(2)).toBe(3000);
  });

  it("takes what happens together as one moment, but no two changes of pods", () => {
    const history = new History();
    history.record([], 0);
    history.record([a], 100);
    history.record([a, b], 105);
    expect(history.length).toBe(1);
    history.record([a, b, pod("p", "")], 106);
    history.record([a, b, pod("p", "", "", { state: "ready", resourceVersion: "2" })], 107);
    expect(history.length).toBe(2);
  });

  it("is preceded by what the server remembers, without a gap and without telling twice", () => {
    const history = new History();
    history.record([a, b], 5000);
    history.record([b], 6000);
    const steps: Step[] = [
      { t: 1000, change: "added", item: a },
      { t: 6000, change: "deleted", item: a },
    ];
    history.precede({ now: 1_007_000, base: [], steps: steps.map((step) => ({ ...step, t: step.t + 1_000_000 })) }, 7_000);
    const all = Array.from({ length: history.length + 1 }, (_, moment) => names(history.at(moment)));
    expect(all[0]).toEqual([]);
    expect(all).toContainEqual(["a@1"]);
    expect(all.at(-2)).toEqual(["a@1", "b@1"]);
    expect(all.at(-1)).toEqual(["b@1"]);
  });

  it("forgets the oldest, and still knows the newest", () => {
    const history = new History();
    history.record([], 0);
    for (let version = 1; version <= 2000; version++) history.record([changed(a, String(version))], version * 100);
    expect(history.length).toBe(1500);
    expect(names(history.at(0))).toEqual(["a@500"]);
    expect(names(history.at(history.length))).toEqual(["a@2000"]);
  });

  it("finds what a new snapshot has changed", () => {
    const steps = differences([a, b], [changed(a, "2"), item("ConfigMap", "c")], 7);
    expect(steps.map(({ change, item: { name } }) => `${change} ${name}`).sort()).toEqual(["added c", "deleted b", "modified a"]);
    expect(differences([a], [{ ...a }], 7)).toEqual([]);
  });
});

describe("Pace", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("window", globalThis);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  function burst(count: number, still = false): { shown: string[]; pace: Pace } {
    const shown: string[] = [];
    const pace = new Pace((items) => shown.push(items.map((one) => `${one.name} ${one.state}`).join()), () => still);
    for (let index = 0; index < count; index++) pace.offer([pod(`p${index}`, "")]);
    return { shown, pace };
  }

  it("shows the first picture at once and the others one by one", () => {
    const { shown } = burst(3);
    expect(shown).toEqual(["p0 pending"]);
    vi.advanceTimersByTime(160);
    expect(shown).toEqual(["p0 pending", "p1 pending"]);
    vi.advanceTimersByTime(160);
    expect(shown).toHaveLength(3);
  });

  it("is over with a burst in little more than a second", () => {
    const { shown } = burst(60);
    vi.advanceTimersByTime(1_000);
    expect(shown.length).toBeLessThan(60);
    vi.advanceTimersByTime(4_000);
    expect(shown.at(-1)).toBe("p59 pending");
  });

  it("makes no picture of its own of what no pod shows, and shows the newest state with it", () => {
    const { shown, pace } = burst(2);
    const settings = item("ConfigMap", "settings");
    pace.offer([pod("p1", ""), settings]);
    vi.advanceTimersByTime(200);
    expect(shown).toEqual(["p0 pending", "p1 pending,settings ok"]);
  });

  it("does not slow anything down where motion is unwanted", () => {
    const { shown } = burst(3, true);
    vi.advanceTimersByTime(1);
    expect(shown.at(-1)).toBe("p2 pending");
  });
});

describe("marks", () => {
  const web = item("Pod", "web-1", { labels: { app: "web", tier: "front" } });

  it("mean an object by name, by labels, or all of a kind", () => {
    expect(isMarked(web, ["Pod/web-1"])).toBe(true);
    expect(isMarked(web, ["Pod/web", "Service/web-1"])).toBe(false);
    expect(isMarked(web, ["Pod?app=web,tier=front"])).toBe(true);
    expect(isMarked(web, ["Pod?app=web,tier=back"])).toBe(false);
    expect(isMarked(web, ["Pod"])).toBe(true);
    expect(isMarked(web, [])).toBe(false);
  });

  it("understand labels with slashes", () => {
    const named = item("Pod", "x", { labels: { "app.kubernetes.io/name": "x" } });
    expect(isMarked(named, ["Pod?app.kubernetes.io/name=x"])).toBe(true);
  });
});

describe("walking", () => {
  const at = (name: string, x: number, y: number): Box => ({
    id: name, shape: "pod", x, y, w: 30, h: 30, item: item("Pod", name), title: "", note: "", off: false,
  });
  const grid = [at("a", 0, 0), at("b", 100, 0), at("c", 0, 100), at("d", 100, 100)];
  const ids = (box: Box | null): string => box?.id ?? "";

  it("goes where the arrow points", () => {
    expect(ids(next(grid, grid[0]!, "ArrowRight"))).toBe("b");
    expect(ids(next(grid, grid[0]!, "ArrowDown"))).toBe("c");
    expect(ids(next(grid, grid[3]!, "ArrowUp"))).toBe("b");
    expect(ids(next(grid, grid[3]!, "ArrowLeft"))).toBe("c");
    expect(next(grid, grid[0]!, "ArrowUp")).toBeNull();
  });

  it("reaches every object from every other", () => {
    const reached = new Set([grid[0]!]);
    for (const box of reached)
      for (const arrow of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"] as const) {
        const to = next(grid, box, arrow);
        if (to) reached.add(to);
      }
    expect(reached.size).toBe(4);
  });

  it("begins with the first thing, and finds what is nearest to what has gone", () => {
    expect(ids(first(grid))).toBe("a");
    expect(ids(nearest(grid, at("gone", 90, 80)))).toBe("d");
  });
});

describe("Scene", () => {
  const scene = new Scene({
    format: 1,
    items: [],
    steps: [
      { t: 0, change: "added", item: pod("p", "") },
      { t: 5, change: "modified", item: pod("p", "node-1", "", { resourceVersion: "2" }) },
      { t: 9_000, change: "deleted", item: pod("p", "node-1") },
    ],
    notes: [{ t: 0, en: "It comes.", ko: "생깁니다." }, { t: 8_000, en: "It goes.", ko: "사라집니다." }],
  });

  it("plays moment by moment, neither too fast nor too slow", () => {
    expect(scene.end).toBe(3);
    expect([0, 1, 2, 3].map((moment) => scene.at(moment).length)).toEqual([0, 1, 1, 0]);
    expect([0, 1, 2].map((moment) => scene.pause(moment))).toEqual([550, 550, 1_800]);
  });

  it("says what belongs to a moment, in the page's language", () => {
    expect(scene.note(1, "en")).toBe("It comes.");
    expect(scene.note(3, "ko")).toBe("사라집니다.");
  });

  it("does not pretend to know another format", () => {
    expect(() => new Scene({ format: 2, items: [], steps: [], notes: [] })).toThrow("unknown format 2");
  });
});

it("cuts a text in its middle where it is too long", () => {
  expect(fit("web", 100, 12)).toBe("web");
  const cut = fit("data-postgres-0-of-the-shop", 80, 12);
  expect(cut).toMatch(/^data.*….*shop$/);
  expect(widthOf(cut, 12)).toBeLessThanOrEqual(80);
  expect(widthOf("가나", 10)).toBe(20);
});

it("draws wires through their points, and an open one with a gap", () => {
  const points = [{ x: 0, y: 0 }, { x: 20, y: 0 }, { x: 20, y: 40 }];
  expect(wire(points)).toBe("M0 0L13 0Q20 0 20 7L20 40");
  expect(openWire(points).match(/M/g)).toHaveLength(4);
});
