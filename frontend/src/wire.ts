// Written by `manage.py wire` from k8slab/live/messages.py. Change it there.

export type ItemState = "ok" | "pending" | "starting" | "running" | "ready" | "succeeded" | "failing" | "terminating" | "unknown";

export type SandboxState = "requested" | "starting" | "ready" | "resetting" | "closing" | "gone" | "failed";

export type SubmissionPhase = "queued" | "applying" | "waiting" | "deciding" | "decided" | "error";

export type Verdict = "pass" | "fail" | "waiting" | "error";

/** One object of the namespace, small enough to send at each change. */
export interface Item {
  uid: string;
  apiVersion: string;
  kind: string;
  name: string;
  resourceVersion: string;
  /** uid of the controlling owner, "" without */
  owner: string;
  labels: Record<string, string>;
  /** RFC 3339 */
  created: string;
  state: ItemState;
  /** "CrashLoopBackOff", "" when all is well */
  reason: string;
  message: string;
  /** by kind: Pod {node, ip, ready, containers, restarts}, Deployment {wanted, ready}, … */
  detail: Record<string, unknown>;
}

/** A core/v1 Event. */
export interface EventItem {
  uid: string;
  /** Normal | Warning */
  type: string;
  reason: string;
  message: string;
  /** "Pod/web-5d4f" */
  object: string;
  count: number;
  /** RFC 3339 */
  last: string;
}

/** The whole namespace at `version`; changes that follow carry version + 1, + 2, … */
export interface Snapshot {
  type: "snapshot";
  /** changes when the watcher starts anew; a page then takes a new snapshot */
  epoch: string;
  version: number;
  items: Item[];
  events: EventItem[];
}

export interface Change {
  type: "change";
  epoch: string;
  version: number;
  change: "added" | "modified" | "deleted";
  item: Item;
}

/** A new or repeated Event. */
export interface Happened {
  type: "event";
  epoch: string;
  version: number;
  event: EventItem;
}

/** A change of the past, as scenes and the time slider play it. */
export interface Step {
  /** milliseconds: since 1970, in a scene since its beginning */
  t: number;
  change: "added" | "modified" | "deleted";
  item: Item;
}

/** What happened in the namespace before the page was opened; fetched, never sent. */
export interface Past {
  /** by the server's clock */
  now: number;
  base: Item[];
  steps: Step[];
}

/** What is to be said from a moment of a scene on. */
export interface Note {
  t: number;
  en: string;
  ko: string;
}

/** A recorded scene of a lesson; a file, fetched. */
export interface Scene {
  format: number;
  items: Item[];
  steps: Step[];
  notes: Note[];
}

/** Something wrong with the YAML, in the student's language. */
export interface Problem {
  code: string;
  /** "" where the answer is one file */
  file: string;
  /** of the file, 1-based; 0: concerns the whole text */
  line: number;
  /** 1-based; 0: the whole line */
  column: number;
  message: string;
  /** the API server's own words, "" when there are none */
  detail: string;
}

/** What became of one object of the submitted YAML. */
export interface Outcome {
  index: number;
  /** "" where the answer is one file */
  file: string;
  line: number;
  kind: string;
  name: string;
  action: "created" | "configured" | "unchanged" | "failed";
  problems: Problem[];
}

export interface Submission {
  id: string;
  phase: SubmissionPhase;
  outcomes: Outcome[];
  /** of the text as a whole: nothing was applied */
  problems: Problem[];
  /** RFC 3339 */
  submitted: string;
  /** why it ended as `error`: ours or the cluster's fault, with a retry button; "" otherwise */
  error: string;
}

export interface Difference {
  path: string;
  expected: unknown;
  actual: unknown;
  object: string;
}

export interface Explanation {
  source: "event" | "container" | "condition";
  object: string;
  reason: string;
  message: string;
  count: number;
}

export interface CheckState {
  id: string;
  title: string;
  verdict: Verdict | "untried";
  /** earned */
  points: number;
  worth: number;
  /** what it waits for, or why it failed */
  messages: string[];
  differences: Difference[];
  explanations: Explanation[];
  /** once it was asked for, "" before */
  hint: string;
  /** there is one to ask for */
  offers_hint: boolean;
  /** in this attempt, for whatever state the cluster was in then */
  hint_asked: boolean;
  /** the idea behind it, once passed; "" before */
  because: string;
  /** what it looks at: "Deployment/web", "Pod?app=web", "Pod"; for the map's marks */
  objects?: string[];
}

/** One student and one exercise; sent whole at each change, newest version wins. */
export interface Attempt {
  type: "attempt";
  id: string;
  version: number;
  exercise: string;
  state: "open" | "solved" | "set-aside";
  points: number;
  worth: number;
  /** points that a check loses by its hint */
  hints_cost: number;
  /** version of the drafts */
  draft: number;
  checks: CheckState[];
  submission?: Submission;
}

/** The drafts were changed by `tab`, one of the student's pages: the others fetch them. */
export interface Draft {
  type: "draft";
  exercise: string;
  version: number;
  tab: string;
}

export interface Sandbox {
  type: "sandbox";
  state: SandboxState;
  namespace: string;
  /** RFC 3339 */
  expires: string;
  error: string;
}

/** The watcher started anew: ask for a snapshot. */
export interface HubStarted {
  type: "hub";
}

export type ToPage = Snapshot | Change | Happened | Attempt | Draft | Sandbox | HubStarted;

/** The only thing a page asks: a fresh snapshot. Also its heartbeat. */
export interface Resync {
  type: "resync";
}

export type FromPage = Resync;
