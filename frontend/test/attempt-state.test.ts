import { describe, expect, it } from "vitest";
import { movedAway, newest, problemsOf, solved, steps, underWay } from "../src/attempt-state";
import type { Attempt, CheckState, Problem, Submission, SubmissionPhase } from "../src/wire";

function attempt(version: number, more: Partial<Attempt> = {}): Attempt {
  return {
    type: "attempt", id: "one", version, exercise: "pods", state: "open", points: 0, worth: 2, hints_cost: 0,
    draft: 0, checks: [], ...more,
  };
}

function submission(phase: SubmissionPhase, more: Partial<Submission> = {}): Submission {
  return { id: "s", phase, outcomes: [], problems: [], submitted: "", error: "", ...more };
}

function problem(line: number): Problem {
  return { code: "c", file: "", line, column: 0, message: `at ${line}`, detail: "" };
}

const outcome = { index: 0, file: "", line: 1, kind: "Pod", name: "web", action: "created" as const, problems: [problem(4)] };
const states = (of: Submission): string => steps(of).map(({ state }) => state).join(" ");

describe("the newest state wins", () => {
  it("whichever way it came", () => {
    const two = attempt(2);
    expect(newest(null, two)).toBe(two);
    expect(newest(attempt(1), two)).toBe(two);
    expect(newest(two, attempt(1))).toBe(two);
  });

  it("and another attempt replaces this one, whatever its number", () => {
    const other = attempt(1, { id: "two" });
    expect(newest(attempt(9), other)).toBe(other);
  });
});

describe("the sandbox is elsewhere", () => {
  it("when this attempt is set aside or another one is opened", () => {
    expect(movedAway(attempt(1, { state: "set-aside" }), "pods")).toBe(true);
    expect(movedAway(attempt(1, { exercise: "service" }), "pods")).toBe(true);
  });

  it("is here when this attempt is open, and unknown when another one is set aside", () => {
    expect(movedAway(attempt(1), "pods")).toBe(false);
    expect(movedAway(attempt(1, { exercise: "service", state: "set-aside" }), "pods")).toBeNull();
  });
});

describe("the steps of a submission", () => {
  it("go from the first to the last", () => {
    expect(states(submission("queued"))).toBe("now later later later later");
    expect(states(submission("waiting"))).toBe("done done now later later");
    expect(states(submission("decided"))).toBe("done done done done done");
  });

  it("stop where the text was refused or the work was interrupted", () => {
    expect(states(submission("decided", { problems: [problem(1)] }))).toBe("done refused later later later");
    const failed = { ...outcome, action: "failed" as const };
    expect(states(submission("decided", { outcomes: [failed] }))).toBe("done refused later later later");
    expect(states(submission("decided", { outcomes: [failed, outcome] }))).toBe("done done done done done");
    expect(states(submission("error"))).toBe("done failed later later later");
    expect(states(submission("error", { outcomes: [outcome] }))).toBe("done done failed later later");
  });

  it("are under way until they are decided or interrupted", () => {
    expect([underWay(undefined), underWay(submission("applying")), underWay(submission("decided"))]).toEqual([
      false, true, false,
    ]);
  });
});

it("collects the problems of the text and of each object", () => {
  const all = problemsOf(submission("decided", { problems: [problem(0)], outcomes: [outcome] }));
  expect(all.map(({ line }) => line)).toEqual([0, 4]);
  expect(problemsOf(undefined)).toEqual([]);
});

it("is solved when every requirement passes, and never without one", () => {
  const pass = { verdict: "pass" } as CheckState;
  expect(solved(attempt(1, { checks: [pass, pass] }))).toBe(true);
  expect(solved(attempt(1, { checks: [pass, { verdict: "waiting" } as CheckState] }))).toBe(false);
  expect(solved(attempt(1))).toBe(false);
});
