import type { Attached, Completions, Line, Mode, Output, PageToTerminal, TerminalToPage } from "../terminal-wire";
import { completeLine, inColumns } from "./completing";
import { EditedLine } from "./edited-line";
import { type Key, type Pressed, read } from "./keys";
import { LineHistory } from "./line-history";
import { type Canvas, LineView } from "./line-view";

export interface Paper extends Canvas {
  readonly rows: number;
  /** Empties the screen and what is above it. */
  reset(): void;
}

export interface Surroundings {
  send(message: PageToTerminal): void;
  /** The files that changed since they were asked for last, whole at the first time and after `forgetFiles`. */
  changedFiles(): Record<string, string | null>;
  forgetFiles(): void;
  /** How the page words that there are more completions than are shown. */
  more(count: number): string;
  /** How the page words that the session of before is gone. */
  anew(): string;
}

interface Search {
  part: string;
  skip: number;
  before: string;
}

/**
 * What is said between the keyboard, the screen and the session: lines are edited here and sent when they are whole;
 * output comes in between and leaves the line intact.
 */
export class Conversation {
  #paper: Paper;
  #around: Surroundings;
  #view: LineView;
  #line = new EditedLine();
  #history = new LineHistory();
  #mode: Mode | "away" = "away";
  #prompt = "";
  #search: Search | null = null;
  #session = "";
  #seen = 0;
  #number = 0;
  #unheard: Line | null = null;
  #echo = "";
  #asked = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(paper: Paper, around: Surroundings) {
    this.#paper = paper;
    this.#around = around;
    this.#view = new LineView(paper);
  }

  get mode(): Mode | "away" {
    return this.#mode;
  }

  /** Which session to go on with; kept by the page over a reload. */
  get session(): string {
    return this.#session;
  }

  set session(id: string) {
    this.#session = id;
  }

  attach(): void {
    const { columns, rows } = this.#paper;
    this.#around.send({ type: "attach", session: this.#session, seen: this.#seen, columns, rows });
  }

  /** The line is down: keys wait. */
  away(): void {
    this.#mode = "away";
  }

  /** Resolves when everything so far has been done. */
  get settled(): Promise<void> {
    return this.#turn;
  }

  hear(message: TerminalToPage): void {
    if (message.type === "attached") this.#inTurn(() => this.#attached(message));
    else if (message.type === "output") this.#inTurn(() => this.#output(message));
    else if (message.type === "mode") this.#inTurn(() => this.#enter(message.mode, message.prompt));
    else if (message.type === "notice" && message.trouble !== "waiting") this.#inTurn(() => this.#refused());
    else if (message.type === "completions") this.#inTurn(() => this.#completions(message));
  }

  press(data: string): void {
    if (this.#mode === "raw") {
      this.#around.send({ type: "input", text: data });
      return;
    }
    for (const pressed of read(data)) this.#inTurn(() => this.#take(pressed));
  }

  resized(): void {
    const { columns, rows } = this.#paper;
    if (this.#mode !== "away") this.#around.send({ type: "resize", columns, rows });
    this.#inTurn(() => this.#view.redraw());
  }

  interrupt(): void {
    this.#inTurn(() => this.#take({ key: "interrupt" }));
  }

  clear(): void {
    this.#inTurn(() => this.#take({ key: "clear" }));
  }

  #inTurn(run: () => Promise<void> | void): void {
    this.#turn = this.#turn.then(run);
  }

  // --- from the session ---------------------------------------------------------------------------------------------
  async #attached(message: Attached): Promise<void> {
    const began = this.#session !== "" && message.fresh && this.#seen > 0;
    this.#session = message.session;
    this.#history.lines = message.history;
    this.#around.forgetFiles();
    if (message.fresh) {
      this.#seen = 0;
      this.#unheard = null;
      this.#echo = "";
    }
    this.#number = Math.max(message.taken, message.fresh ? 0 : this.#number);
    if (began) await this.#write(`\r\n\x1b[2m${this.#around.anew()}\x1b[0m\r\n`);
    if (this.#unheard && this.#unheard.id > message.taken) {
      this.#unheard.files = this.#around.changedFiles();
      this.#around.send(this.#unheard);
    }
  }

  async #output({ text, at, reset }: Output): Promise<void> {
    this.#seen = at;
    if (reset && text) {
      await this.#view.hide();
      this.#paper.reset();
      this.#echo = "";
    }
    await this.#write(this.#withoutEcho(text));
  }

  /** What was drawn when Enter was pressed comes back as the beginning of the output. */
  #withoutEcho(text: string): string {
    if (!text) return text;
    this.#unheard = null;
    if (!this.#echo) return text;
    if (text.startsWith(this.#echo)) {
      const rest = text.slice(this.#echo.length);
      this.#echo = "";
      return rest;
    }
    const partly = this.#echo.startsWith(text);
    this.#echo = partly ? this.#echo.slice(text.length) : "";
    return partly ? "" : text;
  }

  async #write(text: string): Promise<void> {
    if (!text) return;
    await this.#view.hide();
    await this.#paper.write(text);
    await this.#show();
  }

  async #enter(mode: Mode, prompt: string): Promise<void> {
    if (mode === "ready" && this.#echo && this.#unheard) return; // it speaks of the time before the line arrived
    if (mode === "raw") {
      await this.#view.hide();
      this.#line.set("");
    }
    if (prompt !== this.#prompt) await this.#view.hide();
    this.#mode = mode;
    this.#prompt = prompt;
    await this.#show();
  }

  /** What was said last is not done, and will not come back as an echo. */
  #refused(): void {
    this.#unheard = null;
    this.#echo = "";
  }

  async #completions({ id, start, words }: Completions): Promise<void> {
    if (id !== this.#asked || this.#mode !== "ready") return;
    const choice = completeLine(this.#line, start, words);
    if (choice.length > 0) {
      await this.#view.leave();
      await this.#paper.write(inColumns(choice, this.#paper.columns, (count) => this.#around.more(count)));
    }
    await this.#show();
  }

  // --- from the keyboard --------------------------------------------------------------------------------------------
  async #show(): Promise<void> {
    if (this.#mode === "raw" || (this.#mode !== "ready" && this.#line.text === "")) return this.#view.hide();
    if (this.#search) {
      const head = `(reverse-i-search)\`${this.#search.part}': `;
      return this.#view.show(head, this.#line.text, this.#line.cursor);
    }
    return this.#view.show(this.#mode === "ready" ? this.#prompt : "", this.#line.text, this.#line.cursor);
  }

  async #take(pressed: Pressed): Promise<void> {
    if ("text" in pressed) return this.#type(pressed.text);
    if (this.#search && (await this.#searching(pressed.key))) return;
    const act = this.#acts[pressed.key];
    if (act) return act();
    this.#edit(pressed.key);
    return this.#show();
  }

  async #type(text: string): Promise<void> {
    if (this.#search) {
      this.#search = { ...this.#search, part: this.#search.part + text.replaceAll("\n", ""), skip: 0 };
      return this.#found();
    }
    const end = text.lastIndexOf("\n");
    if (end < 0) {
      this.#line.insert(text);
      return this.#show();
    }
    const rest = this.#line.text.slice(this.#line.cursor);
    const whole = this.#line.before + text.slice(0, end);
    await this.#view.hide();
    this.#line.set(text.slice(end + 1) + rest, text.length - end - 1);
    if (this.#mode === "ready") this.#say(whole, "");
    else this.#around.send({ type: "input", text: `${whole}\n` });
  }

  #edit(key: Key): void {
    const moves = ["left", "right", "home", "end", "word-left", "word-right"] as const;
    const move = moves.find((each) => each === key);
    if (move) this.#line.move(move);
    else if (key === "backspace") this.#line.backspace();
    else if (key === "delete") this.#line.delete();
    else if (key === "kill-end") this.#line.kill("to-end");
    else if (key === "kill-start") this.#line.kill("to-start");
    else if (key === "kill-word") this.#line.kill("word-before");
    else if (key === "kill-word-after") this.#line.kill("word-after");
    else if (key === "yank") this.#line.yank();
  }

  #acts: Partial<Record<Key, () => Promise<void>>> = {
    enter: () => this.#enterPressed(),
    interrupt: () => this.#interrupted(),
    "end-of-input": () => this.#endPressed(),
    up: () => this.#recall(this.#history.back(this.#line.text)),
    down: () => this.#recall(this.#history.forward()),
    tab: async () => this.#askCompletion(),
    clear: () => this.#cleared(),
    search: async () => {
      this.#search = { part: "", skip: 0, before: this.#line.text };
      await this.#show();
    },
    cancel: async () => undefined,
  };

  async #enterPressed(): Promise<void> {
    const { text } = this.#line;
    this.#search = null;
    if (this.#mode === "ready") {
      this.#line.move("end");
      await this.#show();
      await this.#view.leave();
      this.#line.set("");
      this.#history.add(text);
      this.#say(text, `${this.#prompt}${text}\r\n`);
      return;
    }
    await this.#view.hide();
    this.#line.set("");
    if (this.#mode === "running") this.#around.send({ type: "input", text: `${text}\n` });
    else this.#line.set(text); // nobody is there to hear it
  }

  #say(text: string, echo: string): void {
    this.#echo = echo;
    this.#mode = "running"; // until the session says otherwise
    this.#unheard = { type: "line", id: ++this.#number, text, files: this.#around.changedFiles() };
    this.#around.send(this.#unheard);
  }

  async #interrupted(): Promise<void> {
    this.#search = null;
    if (this.#mode !== "ready") {
      this.#line.set("");
      this.#around.send({ type: "interrupt" });
      return this.#show();
    }
    await this.#view.leave("^C");
    this.#line.set("");
    if (this.#prompt !== "$ ") this.#around.send({ type: "interrupt" });
    return this.#show();
  }

  async #endPressed(): Promise<void> {
    if (this.#line.text !== "") this.#line.delete();
    else if (this.#mode === "running") this.#around.send({ type: "eof" });
    return this.#show();
  }

  async #recall(line: string | null): Promise<void> {
    if (line !== null) this.#line.set(line);
    return this.#show();
  }

  #askCompletion(): void {
    if (this.#mode !== "ready") return;
    const files = this.#around.changedFiles();
    this.#around.send({ type: "complete", id: ++this.#asked, line: this.#line.before, files });
  }

  async #cleared(): Promise<void> {
    await this.#view.hide();
    this.#around.send({ type: "clear" });
    this.#paper.reset();
    return this.#show();
  }

  // --- Ctrl-R -------------------------------------------------------------------------------------------------------
  /** Whether the search took the key; any other key goes on with the line that was found. */
  async #searching(key: Key): Promise<boolean> {
    const search = this.#search!;
    if (key === "search") this.#search = { ...search, skip: search.skip + 1 };
    else if (key === "backspace") this.#search = { ...search, part: search.part.slice(0, -1), skip: 0 };
    else if (key === "cancel" || key === "interrupt") {
      this.#search = null;
      this.#line.set(search.before);
      await this.#show();
      return true;
    } else {
      this.#search = null;
      await this.#show();
      return key !== "enter" && key !== "left" && key !== "right" && key !== "home" && key !== "end";
    }
    await this.#found();
    return true;
  }

  async #found(): Promise<void> {
    const search = this.#search!;
    const line = this.#history.find(search.part, search.skip);
    if (line !== null) this.#line.set(line, line.indexOf(search.part) + search.part.length);
    else if (search.skip > 0) this.#search = { ...search, skip: search.skip - 1 };
    await this.#show();
  }
}
