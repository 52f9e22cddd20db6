import { passed, problemsOf, solved, underWay } from "../attempt-state";
import type { CheckPanelElement, HintOpenedEvent } from "../check-panel/check-panel-element";
import { ClusterStore } from "../cluster-store";
import { DraftSaver } from "../draft-saver";
import { type Line, LiveSocket } from "../live-socket";
import { Refusal, Server, type Urls } from "../server";
import type { LineChosenEvent, SubmissionTrailElement } from "../submission-trail/submission-trail-element";
import type { Attempt, ToPage } from "../wire";
import { word } from "../words";
import type { YamlEditorElement } from "../yaml-editor/yaml-editor-element";
import { AttemptFollower } from "./attempt-follower";
import { type ClusterPicture, mountPicture } from "./map-mount";
import { Notices } from "./notices";
import { Panes } from "./panes";
import { Shortcuts } from "./shortcuts";
import { TerminalMount } from "./terminal-mount";

/** The page of one exercise: it owns the socket and the state, hands both to its parts, and does what they ask. */
export class LabWorkbenchElement extends HTMLElement {
  #cluster = new ClusterStore();
  #server!: Server;
  #follower!: AttemptFollower;
  #draft!: DraftSaver;
  #socket!: LiveSocket;
  #notices!: Notices;
  #panes!: Panes;
  #terminal!: TerminalMount;
  #shortcuts!: Shortcuts;
  #picture!: ClusterPicture;
  #pulse = 0;
  #drawing = 0;
  #wasSolved = false;
  #turn: Promise<void> = Promise.resolve();

  connectedCallback(): void {
    const known = this.#json<Attempt>("attempt");
    this.#server = new Server(this.#json<Urls>("urls")!, word("unreachable"));
    this.#follower = new AttemptFollower(this.getAttribute("exercise") ?? "", this.#server, known);
    this.#draft = new DraftSaver(this.#editor.text, this.#saveDraft, (saved) => this.#say("draft", word(`draft.${saved}`)));
    this.#notices = new Notices(this);
    this.#panes = new Panes(this);
    this.#terminal = new TerminalMount(this, this.#panes);
    this.#shortcuts = new Shortcuts(this, this.#panes, this.#terminal);
    this.#picture = mountPicture(this);
    this.#wasSolved = solved(known);
    this.#listen();
    this.#showAttempt();
    this.#connect();
    void this.#do(this.#server.start);
  }

  disconnectedCallback(): void {
    this.#socket.close();
    this.#shortcuts.stop();
    window.clearInterval(this.#pulse);
    document.removeEventListener("visibilitychange", this.#seen);
    window.removeEventListener("pagehide", this.#leave);
  }

  get #editor(): YamlEditorElement {
    return this.querySelector<YamlEditorElement>("yaml-editor")!;
  }

  #json<T>(id: string): T | null {
    return JSON.parse(document.getElementById(id)?.textContent ?? "null") as T | null;
  }

  #listen(): void {
    this.addEventListener("hand-in", () => void this.#handIn());
    this.addEventListener("retry", () => void this.#do(this.#server.retry));
    this.addEventListener("text-changed", () => this.#draft.change(this.#editor.text));
    this.addEventListener("line-chosen", (event) => this.#showLine(event as LineChosenEvent));
    this.addEventListener("hint-opened", (event) => {
      this.#server.hint((event as HintOpenedEvent).check).catch(() => undefined); // a note for the teacher only
    });
    this.#on("submit", () => void this.#handIn());
    this.#on("restore", () => (this.#editor.text = this.#json<string>("start") ?? ""));
    this.#on("reset", () => this.querySelector<HTMLDialogElement>("dialog[data-reset]")?.showModal());
    this.#on("reset-now", () => void this.#do(this.#server.reset));
    this.#on("come-back", () => void this.#do(this.#server.start));
    this.#follower.addEventListener("attempt", () => this.#showAttempt());
    this.#follower.addEventListener("away", () => this.#showAway());
    document.addEventListener("visibilitychange", this.#seen);
    window.addEventListener("pagehide", this.#leave);
    this.#pulse = window.setInterval(() => void this.#follower.lookIfQuiet(), 1_000);
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
    else if (message.type === "sandbox") this.#picture.sandbox = message;
    else {
      const outcome = this.#cluster.take(message);
      if (outcome === "resync") this.#socket.send({ type: "resync" });
      if (outcome !== "same") this.#draw();
    }
  }

  /** At most once a frame, however fast the cluster moves. */
  #draw(): void {
    if (this.#drawing) return;
    this.#drawing = requestAnimationFrame(() => {
      this.#drawing = 0;
      this.#picture.items = this.#cluster.items;
      this.#picture.events = this.#cluster.events;
      this.#picture.known = !this.#cluster.empty;
    });
  }

  async #handIn(): Promise<void> {
    const button = this.querySelector('[data-do="submit"]')!;
    if (button.getAttribute("aria-disabled") === "true") return; // a second click says nothing new
    button.setAttribute("aria-disabled", "true");
    this.#panes.show("checks");
    await this.#do(() => this.#server.submit(this.#editor.text));
    button.setAttribute("aria-disabled", "false");
    void this.#draft.flush();
  }

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

  #saveDraft = (text: string, leaving: boolean): Promise<void> => this.#server.draft(text, leaving);

  #leave = (): void => void this.#draft.flush(true);

  #seen = (): void => {
    if (document.visibilityState === "visible") this.#socket.check();
    else void this.#draft.flush(true);
  };

  #showAttempt(): void {
    const attempt = this.#follower.attempt;
    if (!attempt) return;
    this.querySelector<CheckPanelElement>("check-panel")!.attempt = attempt;
    this.querySelector<SubmissionTrailElement>("submission-trail")!.attempt = attempt;
    this.#editor.problems = problemsOf(attempt.submission);
    this.#terminal.attempt = attempt.id;
    this.#panes.note("checks", `${passed(attempt.checks)}/${attempt.checks.length}`);
    this.toggleAttribute("busy", underWay(attempt.submission));
    this.#celebrate(solved(attempt));
  }

  #celebrate(isSolved: boolean): void {
    const place = this.querySelector<HTMLElement>("[data-solved]");
    if (!place) return;
    if (isSolved && !this.#wasSolved) place.classList.add("solved--new");
    place.hidden = !isSolved;
    this.#wasSolved = isSolved;
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
    this.#editor.show(event.line, event.column);
  }

  #say(name: string, words: string): void {
    const place = this.querySelector(`[data-says="${name}"]`);
    if (place) place.textContent = words;
  }
}
