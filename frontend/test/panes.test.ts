import { expect, it } from "vitest";
import { span } from "../src/lab-workbench/sandbox-standing";
import { afterKey, LEAST, MOST, within } from "../src/pane-splitter/shares";
import { replacing } from "../src/yaml-editor/replacing";

it("keeps a pane's share within bounds", () => {
  expect([within(-3), within(50.04), within(99)]).toEqual([LEAST, 50, MOST]);
});

it("moves a divider by arrow keys, in the direction in which its pane grows", () => {
  expect(afterKey("ArrowRight", 30, false, true)).toBe(32);
  expect(afterKey("ArrowRight", 30, false, false)).toBe(28);
  expect(afterKey("ArrowUp", 30, true, false)).toBe(40);
  expect(afterKey("Home", 30, false, true)).toBe(LEAST);
  expect(afterKey("a", 30, false, true)).toBeNull();
});

it("says how long is left in the page's language", () => {
  expect(span(220 * 60_000, "en")).toBe("3 hr 40 min");
  expect(span(240 * 60_000, "en")).toBe("4 hr");
  expect(span(90_000, "ko")).toBe("2분");
  expect(span(-5, "en")).toBe("0 min");
});

it("changes as little of a text as it can", () => {
  const after = (before: string, wanted: string): string => {
    const change = replacing(before, wanted);
    return change ? before.slice(0, change.from) + change.insert + before.slice(change.to) : before;
  };
  for (const [before, wanted] of [["abc", "abd"], ["", "x"], ["aaa", "aa"], ["one two", "one and two"], ["x", ""]] as const) {
    expect(after(before, wanted)).toBe(wanted);
  }
  expect(replacing("same", "same")).toBeNull();
  expect(replacing("one two", "one and two")).toEqual({ from: 4, to: 4, insert: "and " });
});
