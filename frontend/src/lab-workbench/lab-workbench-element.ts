import { passed, problemsOf, solved, underWay, unsolved } from "../attempt-state";
import type { CheckPanelElement, HintWantedEvent } from "../check-panel/check-panel-element";
import { ClusterStore } from "../cluster-store";
import type { FileChosenEvent } from "../file-tabs/file-tabs-element";
import { type Line, LiveSocket } from "../live-socket";
import { Refusal, Server, type Urls } from "../server";
import type { LineChosenEvent, SubmissionTrailElement } from "../submission-trail/submission-trail-element";
import type { Attempt, ToPage } from "../wire";
import { word } from "../words";
import type { TextChangedEvent, YamlEditorElement } from "../yaml-editor/yaml-editor-element";
import { Answer, type AnswerFacts } from "./answer";
import { AttemptFollower } from "./attempt-follower";
import { Celebration } from "./celebration";
import { Comparison } from "./comparison";
import type { ObjectUrls } from "../object-drawer/object-reader";
import { type ClusterPicture, mountPicture } from "./map-mount";
import { Notices } from "./notices";
import { Panes } from "./panes";
import { SandboxStanding } from "./sandbox-standing";
import { Shortcuts } from "./shortcuts";
import { TerminalMount } from "./terminal-mount";

/** The page of one exercise: it owns the socket and the state, hands both to its parts, and does what they ask. */
export class LabWorkbenchElement extends HTMLElement {
  #cluster = new ClusterStore();
  #server!: Server;
  #follower!: AttemptFollower;
  #answer!: Answer;
  #comparison!: Comparison;
  #socket!: LiveSocket;
  #notices!: Notices;
  #panes!: Panes;
  #terminal!: TerminalMount;
  #shortcuts!: Shortcuts;
  #standing!: SandboxStanding;
  #picture!: ClusterPicture;
  #celebration!: Celebration;
  #pulse = 0;
  #drawing = 0;
  #turn: Promise<void> = Promise.resolve();

  connectedCallback(): void {
    const known = this.#json<Attempt>("attempt");
    const urls = this.#json<Urls>("urls")!;
    this.#server = new Server(urls, word("unreachable"));
    this.#follower = new AttemptFollower(this.getAttribute("exercise") ?? "", this.#server, known);
    this.#notices = new Notices(this);
    this.#answer = new Answer(this, this.#json<AnswerFacts>("answer")!, this.#server, urls.schema, this.#notices);
    this.#comparison = new Comparison(this, this.#answer, this.#server, this.#notices);
    this.#panes = new Panes(this);
    this.#terminal = new TerminalMount(this, this.#panes);
    this.#shortcuts = new Shortcuts(this, this.#panes, this.#terminal);
    this.#standing = new SandboxStanding(this, this.#notices);
    this.#picture = mountPicture(this, this.#json<ObjectUrls>("urls")!);
    this.#celebration = new Celebration(this, solved(known));
    this.#listen();
    this.#listenToButtons();
    this.#showAttempt();
    this.#connect();
    void this.#do(this.#server.start);
  }

  disconnectedCallback(): void {
    this.#socket.close();
    this.#shortcuts.stop();
    this.#standing.stop();
    window.clearInterval(this.#pulse);
    document.removeEventListener("visibilitychange", this.#seen);
    window.removeEventListener("pagehide", this.#leave);
  }

  #json<T>(id: string): T | null {
    return JSON.parse(document.getElementById(id)?.textContent ?? "null") as T | null;
  }

  #listen(): void {
    this.addEventListener("hand-in", () => void this.#handIn());
    this.addEventListener("retry", () => void this.#do(this.#server.retry));
    this.addEventListener("text-changed", (event) => this.#answer.changed((event as TextChangedEvent).file));
    this.addEventListener("file-chosen", (event) => this.#answer.choose((event as FileChosenEvent).file));
    this.addEventListener("line-chosen", (event) => this.#showLine(event as LineChosenEvent));
    this.addEventListener("hint-wanted", (event) => {
      void this.#do(() => this.#server.hint((event as HintWantedEvent).check));
    });
    this.#follower.addEventListener("attempt", () => this.#showAttempt());
    this.#follower.addEventListener("away", () => this.#showAway());
    document.addEventListener("visibilitychange", this.#seen);
    window.addEventListener("pagehide", this.#leave);
    this.#pulse = window.setInterval(() => void this.#follower.lookIfQuiet(), 1_000);
  }

  #listenToButtons(): void {
    const editor = this.querySelector<YamlEditorElement>("yaml-editor")!;
    this.#on("submit", () => void this.#handIn());
    this.#on("restore", () => this.#answer.restore());
    this.#on("undo", () => this.#answer.undo());
    this.#on("format", () => void this.#format(editor));
    this.#on("search", () => editor.search());
    this.#on("reset", () => this.querySelector<HTMLDialogElement>("dialog[data-reset]")?.showModal());
    this.#on("reset-now", () => void this.#do(() => this.#server.reset(false)));
    this.#on("reset-whole", () => void this.#do(() => this.#server.reset(true)));
    this.#on("extend", () => void this.#do(this.#server.extend));
    this.#on("come-back", () => void this.#do(this.#server.start));
    this.#on("resume", () => void this.#do(this.#resume));
  }

  #on(action: string, run: () => void): void {
    for (const button of this.querySelectorAll(`[data-do="${action}"]`)) button.addEventListener("click", run);
  }

  #connect(): void {
    const url = new URL(this.getAttribute("socket") ?? "/ws/sandbox/", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    this.#socket = new LiveSocket(url.href);
    this.#socket.addEventListener("message", (event) => this.#take((event as CustomEvent<ToPage>).detail));
    this.#socket.addEventListener("line", (event) => this.#showLineState((event as CustomEvent<Line>).detail));
    this.#socket.addEventListener("open", () => {
      this.#cluster.expectSnapshot();
      if (this.#follower.attempt) void this.#follower.look();
    });
    this.#socket.connect();
  }

  #take(message: ToPage): void {
    if (message.type === "attempt") this.#follower.take(message);
    else if (message.type === "draft") this.#takeDraft(message);
    else if (message.type === "sandbox") {
      this.#picture.sandbox = message;
      this.#standing.sandbox = message;
    } else {
      const outcome = this.#cluster.take(message);
      if (outcome === "resync") this.#socket.send({ type: "resync" });
      if (outcome !== "same") this.#draw();
    }
  }

  #takeDraft(told: { exercise: string; version: number; tab: string }): void {
    if (told.exercise !== this.getAttribute("exercise")) return;
    this.#answer.follow(told).catch(() => undefined); // the next state tells the version again
  }

  /** The map hears each change and keeps its own pace; events are told at most once a frame. */
  #draw(): void {
    this.#picture.known = !this.#cluster.empty;
    this.#picture.items = this.#cluster.items;
    this.#drawing ||= requestAnimationFrame(() => {
      this.#drawing = 0;
      this.#picture.events = this.#cluster.events;
    });
  }

  async #handIn(): Promise<void> {
    const button = this.querySelector('[data-do="submit"]')!;
    if (button.getAttribute("aria-disabled") === "true") return; // a second click says nothing new
    button.setAttribute("aria-disabled", "true");
    this.#panes.show("checks");
    await this.#do(() => this.#server.submit(this.#answer.texts));
    button.setAttribute("aria-disabled", "false");
    await Promise.all([this.#answer.flush(), this.#comparison.submitted()]);
  }

  async #format(editor: YamlEditorElement): Promise<void> {
    this.#notices.remark((await editor.format()) ? "" : word("editor.unformatted"));
  }

  /** After the sandbox was closed: a new one, and in it what was handed in last. */
  #resume = (): Promise<Attempt> => (this.#follower.attempt?.submission ? this.#server.retry() : this.#server.start());

  /** In turn: what is asked while the sandbox still comes must not be lost. */
  #do(ask: () => Promise<Attempt>): Promise<void> {
    this.#turn = this.#turn.then(() => this.#run(ask));
    return this.#turn;
  }

  /** One request, its answer taken in, its refusal told. */
  async #run(ask: () => Promise<Attempt>): Promise<void> {
    try {
      this.#follower.take(await ask());
      this.#notices.trouble("");
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal(0, word("unreachable"));
      this.#notices.set("expired", refusal.sessionEnded);
      this.#notices.trouble(refusal.sessionEnded ? "" : refusal.message);
    }
  }

  #leave = (): void => void this.#answer.flush(true);

  #seen = (): void => {
    if (document.visibilityState === "visible") this.#socket.check();
    else void this.#answer.flush(true);
  };

  #showAttempt(): void {
    const attempt = this.#follower.attempt;
    if (!attempt) return;
    this.querySelector<CheckPanelElement>("check-panel")!.attempt = attempt;
    this.querySelector<SubmissionTrailElement>("submission-trail")!.attempt = attempt;
    this.#answer.problems = problemsOf(attempt.submission);
    this.#takeDraft({ exercise: attempt.exercise, version: attempt.draft, tab: "" });
    this.#terminal.attempt = attempt.id;
    this.#picture.marked = unsolved(attempt.checks);
    this.#panes.note("checks", `${passed(attempt.checks)}/${attempt.checks.length}`);
    this.toggleAttribute("busy", underWay(attempt.submission));
    this.#celebration.show(attempt);
  }

  #showAway(): void {
    this.#notices.set("away", this.#follower.away);
  }

  #showLineState(line: Line): void {
    this.#notices.set("lost", line === "lost");
    this.#notices.set("expired", line === "expired");
  }

  #showLine(event: LineChosenEvent): void {
    this.#panes.show("editor");
    this.#answer.show(event.file, event.line, event.column);
  }
}
