import type { Attempt, CheckState, Problem, Submission, SubmissionPhase } from "./wire";

/** The one to show: the newest of this exercise. An answer may be overtaken by what the socket told. */
export function newest(known: Attempt | null, told: Attempt): Attempt {
  if (known === null || known.id !== told.id) return told;
  return told.version >= known.version ? told : known;
}

/** Whether a message says that the sandbox now serves another exercise than `exercise`. */
export function movedAway(told: Attempt, exercise: string): boolean | null {
  if (told.exercise === exercise) return told.state === "set-aside";
  return told.state === "set-aside" ? null : true;
}

const UNDER_WAY: readonly SubmissionPhase[] = ["queued", "applying", "waiting", "deciding"];

export function underWay(submission: Submission | undefined): boolean {
  return submission !== undefined && UNDER_WAY.includes(submission.phase);
}

export function solved(attempt: Attempt | null): boolean {
  return attempt !== null && attempt.checks.length > 0 && attempt.checks.every((check) => check.verdict === "pass");
}

export function passed(checks: readonly CheckState[]): number {
  return checks.filter((check) => check.verdict === "pass").length;
}

/** What the checks that do not pass yet look at. */
export function unsolved(checks: readonly CheckState[]): string[] {
  return [...new Set(checks.filter((check) => check.verdict !== "pass").flatMap((check) => check.objects ?? []))];
}

/** Everything that is wrong with the text, of the whole and of each object. */
export function problemsOf(submission: Submission | undefined): Problem[] {
  if (!submission) return [];
  return [...submission.problems, ...submission.outcomes.flatMap((outcome) => outcome.problems)];
}

export type StepState = "done" | "now" | "later" | "failed" | "refused";
export interface Step {
  phase: Exclude<SubmissionPhase, "error">;
  state: StepState;
}
const PHASES = ["queued", "applying", "waiting", "deciding", "decided"] as const;

/** The five steps. A refused text ends at the second; an interrupted one where its outcomes show that it was. */
export function steps(submission: Submission): Step[] {
  const end = endOf(submission);
  const at = end ? end.at : PHASES.indexOf(submission.phase as Step["phase"]);
  const here = end?.state ?? (at === PHASES.length - 1 ? "done" : "now");
  return PHASES.map((phase, index) => ({ phase, state: index < at ? "done" : index > at ? "later" : here }));
}

function endOf({ phase, problems, outcomes }: Submission): { at: number; state: StepState } | null {
  const nothing = outcomes.length > 0 && outcomes.every((outcome) => outcome.action === "failed");
  if (problems.length > 0 || (nothing && phase === "decided")) return { at: 1, state: "refused" };
  if (phase === "error") return { at: outcomes.length > 0 ? 2 : 1, state: "failed" };
  return null;
}
