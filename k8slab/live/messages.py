"""Every message on the page's websocket, typed. `manage.py wire` writes frontend/src/wire.ts from this file.

One direction only: the server tells, the page asks again (`resync`) when a version is missing.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

ItemState = Literal["ok", "pending", "starting", "running", "ready", "succeeded", "failing", "terminating", "unknown"]
SandboxState = Literal["requested", "starting", "ready", "resetting", "closing", "gone", "failed"]
SubmissionPhase = Literal["queued", "applying", "waiting", "deciding", "decided", "error"]
Verdict = Literal["pass", "fail", "waiting", "error"]


class Item(TypedDict):
    """One object of the namespace, small enough to send at each change."""

    uid: str
    apiVersion: str
    kind: str
    name: str
    resourceVersion: str
    owner: str  # uid of the controlling owner, "" without
    labels: dict[str, str]
    created: str  # RFC 3339
    state: ItemState
    reason: str  # "CrashLoopBackOff", "" when all is well
    message: str
    detail: dict[str, Any]  # by kind: Pod {node, ip, ready, containers, restarts}, Deployment {wanted, ready}, …


class EventItem(TypedDict):
    """A core/v1 Event."""

    uid: str
    type: str  # Normal | Warning
    reason: str
    message: str
    object: str  # "Pod/web-5d4f"
    count: int
    last: str  # RFC 3339


class Snapshot(TypedDict):
    """The whole namespace at `version`; changes that follow carry version + 1, + 2, …"""

    type: Literal["snapshot"]
    epoch: str  # changes when the watcher starts anew; a page then takes a new snapshot
    version: int
    items: list[Item]
    events: list[EventItem]


class Change(TypedDict):
    type: Literal["change"]
    epoch: str
    version: int
    change: Literal["added", "modified", "deleted"]
    item: Item


class Happened(TypedDict):
    """A new or repeated Event."""

    type: Literal["event"]
    epoch: str
    version: int
    event: EventItem


class Step(TypedDict):
    """A change of the past, as scenes and the time slider play it."""

    t: int  # milliseconds: since 1970, in a scene since its beginning
    change: Literal["added", "modified", "deleted"]
    item: Item


class Past(TypedDict):
    """What happened in the namespace before the page was opened; fetched, never sent."""

    now: int  # by the server's clock
    base: list[Item]
    steps: list[Step]


class Note(TypedDict):
    """What is to be said from a moment of a scene on."""

    t: int
    en: str
    ko: str


class Scene(TypedDict):
    """A recorded scene of a lesson; a file, fetched."""

    format: int
    items: list[Item]
    steps: list[Step]
    notes: list[Note]


class Problem(TypedDict):
    """Something wrong with the YAML, in the student's language."""

    code: str
    file: str  # "" where the answer is one file
    line: int  # of the file, 1-based; 0: concerns the whole text
    column: int  # 1-based; 0: the whole line
    message: str
    detail: str  # the API server's own words, "" when there are none


class Outcome(TypedDict):
    """What became of one object of the submitted YAML."""

    index: int
    file: str  # "" where the answer is one file
    line: int
    kind: str
    name: str
    action: Literal["created", "configured", "unchanged", "failed"]
    problems: list[Problem]


class Submission(TypedDict):
    id: str
    phase: SubmissionPhase
    outcomes: list[Outcome]
    problems: list[Problem]  # of the text as a whole: nothing was applied
    submitted: str  # RFC 3339
    error: str  # why it ended as `error`: ours or the cluster's fault, with a retry button; "" otherwise


class Difference(TypedDict):
    path: str
    expected: Any
    actual: Any
    object: str


class Explanation(TypedDict):
    source: Literal["event", "container", "condition"]
    object: str
    reason: str
    message: str
    count: int


class CheckState(TypedDict):
    id: str
    title: str
    verdict: Verdict | Literal["untried"]
    points: int  # earned
    worth: int
    messages: list[str]  # what it waits for, or why it failed
    differences: list[Difference]
    explanations: list[Explanation]
    hint: str  # once it was asked for, "" before
    offers_hint: bool  # there is one to ask for
    hint_asked: bool  # in this attempt, for whatever state the cluster was in then
    because: str  # the idea behind it, once passed; "" before
    objects: NotRequired[list[str]]  # what it looks at: "Deployment/web", "Pod?app=web", "Pod"; for the map's marks


class Attempt(TypedDict):
    """One student and one exercise; sent whole at each change, newest version wins."""

    type: Literal["attempt"]
    id: str
    version: int
    exercise: str
    state: Literal["open", "solved", "set-aside"]
    points: int
    worth: int
    hints_cost: int  # points that a check loses by its hint
    draft: int  # version of the drafts
    checks: list[CheckState]
    submission: NotRequired[Submission]


class Draft(TypedDict):
    """The drafts were changed by `tab`, one of the student's pages: the others fetch them."""

    type: Literal["draft"]
    exercise: str
    version: int
    tab: str


class Sandbox(TypedDict):
    type: Literal["sandbox"]
    state: SandboxState
    namespace: str
    expires: str  # RFC 3339
    error: str


class HubStarted(TypedDict):
    """The watcher started anew: ask for a snapshot."""

    type: Literal["hub"]


ToPage = Snapshot | Change | Happened | Attempt | Draft | Sandbox | HubStarted


class Resync(TypedDict):
    """The only thing a page asks: a fresh snapshot. Also its heartbeat."""

    type: Literal["resync"]


FromPage = Resync
