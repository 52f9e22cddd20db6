import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { written } from "../src/check-panel/differences";
import { DraftSaver, type Saved } from "../src/draft-saver";
import { csrfToken } from "../src/server";
import { after } from "../src/theme-switch/theme-switch-element";
import { byLine } from "../src/yaml-editor/by-line";

vi.hoisted(() => {
  globalThis.HTMLElement ??= class {} as typeof HTMLElement; // an element's module is loaded for a pure function
});

describe("DraftSaver", () => {
  const told: Saved[] = [];
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    told.length = 0;
  });

  it("saves a moment after the last key, once", async () => {
    const save = vi.fn(async () => undefined);
    const draft = new DraftSaver({ web: "a", db: "z" }, save, (saved) => told.push(saved));
    draft.change("web", "ab");
    draft.change("web", "abc");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(save.mock.calls).toEqual([[{ web: "abc" }, false]]);
    expect(told).toEqual(["saving", "saved"]);
  });

  it("says so and tries again when it cannot be kept", async () => {
    const save = vi.fn(async () => undefined);
    save.mockRejectedValueOnce(new Error("no line"));
    const draft = new DraftSaver({ web: "a", db: "z" }, save, (saved) => told.push(saved));
    draft.change("web", "b");
    await vi.advanceTimersByTimeAsync(8_000);
    expect(told).toEqual(["saving", "unsaved", "saving", "saved"]);
  });

  it("saves at once when the page is left, and nothing that is kept already", async () => {
    const save = vi.fn(async () => undefined);
    const draft = new DraftSaver({ web: "a", db: "z" }, save, () => undefined);
    await draft.flush(true);
    draft.change("web", "b");
    await draft.flush(true);
    expect(save.mock.calls).toEqual([[{ web: "b" }, true]]);
  });
});

it("puts problems at their lines, each message once, none beyond the text", () => {
  const problem = (line: number, message: string) => ({ file: "", line, message, column: 0, code: "", detail: "" });
  expect(byLine([problem(9, "late"), problem(2, "a"), problem(2, "a"), problem(2, "b"), problem(0, "all")], 5)).toEqual([
    [2, ["a", "b"]],
    [5, ["late"]],
  ]);
});

it("writes values as YAML would", () => {
  expect(["nginx:1.14.0", "3", 3, true, { app: "web" }, "a: b", "", "no", "10.0.0.1"].map(written)).toEqual([
    "nginx:1.14.0", '"3"', "3", "true", '{"app":"web"}', '"a: b"', '""', '"no"', "10.0.0.1",
  ]);
});

it("reads the CSRF cookie among others", () => {
  expect(csrfToken("a=1; csrftoken=abc; b=2")).toBe("abc");
  expect(csrfToken("xcsrftoken=no")).toBe("");
});

it("goes through the themes and round again", () => {
  expect([after("system"), after("light"), after("dark")]).toEqual(["light", "dark", "system"]);
});
