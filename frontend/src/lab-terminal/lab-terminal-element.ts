import type { EditAsked, TerminalToPage, Trouble } from "../terminal-wire";
import { word, type Word } from "../words";
import { Conversation } from "./conversation";
import { editText } from "./edit-dialog";
import { FileChanges, type Texts } from "./file-changes";
import { keptOptions, type OptionsBar, optionsBar } from "./options-bar";
import { Screen } from "./screen";
import { type Standing, TerminalLine } from "./terminal-line";

const SESSION = "terminal-session";

/** A command of the terminal wrote one of the exercise's files. */
export class TerminalFileEvent extends Event {
  constructor(
    readonly file: string,
    readonly text: string,
  ) {
    super("terminal-file", { bubbles: true });
  }
}

/**
 * The terminal: `socket-url` says where, `attempt-id` whose work it is. `files` gives the editor's texts; what commands
 * write comes back as `terminal-file`.
 */
export class LabTerminalElement extends HTMLElement {
  files: () => Texts = () => ({});

  #options = keptOptions();
  #changes = new FileChanges();
  #line: TerminalLine | null = null;
  #screen: Screen | null = null;
  #conversation: Conversation | null = null;
  #status = document.createElement("p");
  #menu: HTMLElement | null = null;

  connectedCallback(): void {
    if (this.#line) return;
    const place = Object.assign(document.createElement("div"), { className: "terminal-screen" });
    this.#status.className = "terminal-status";
    this.#status.setAttribute("role", "status");
    const { menu, keys } = this.#bar();
    this.replaceChildren(keys, place, this.#status);
    const bar = this.closest(".pane")?.querySelector(".pane__bar");
    if (bar) bar.querySelector("h2")?.after(menu);
    else keys.append(menu);
    this.#menu = menu;
    this.#say(word("terminal.loading"));
    this.#line = new TerminalLine(this.#url());
    void this.#grow(place, this.#line);
  }

  disconnectedCallback(): void {
    document.removeEventListener("visibilitychange", this.#seen);
    this.#line?.close();
    this.#screen?.dispose();
    this.#menu?.remove();
    this.#line = this.#screen = this.#conversation = null;
  }

  override focus(): void {
    this.#screen?.focus();
  }

  /** Everything on the screen, as text. */
  get text(): string {
    return this.#screen?.text ?? "";
  }

  #url(): string {
    const url = new URL(this.getAttribute("socket-url") || "/ws/terminal/", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    return url.href;
  }

  #bar(): OptionsBar {
    return optionsBar(this.#options, {
      changed: ({ fontSize, screenReader, colours }) => {
        if (this.#screen) Object.assign(this.#screen, { fontSize, screenReader });
        this.#line?.send({ type: "colours", on: colours });
      },
      clear: () => {
        this.#conversation?.clear();
        this.focus();
      },
      key: (data) => {
        this.#conversation?.press(data);
        this.focus();
      },
    });
  }

  async #grow(place: HTMLElement, line: TerminalLine): Promise<void> {
    const screen = await Screen.open(place, {
      label: word("terminal.label"),
      ...this.#options,
      typed: (data) => this.#conversation?.press(data),
      resized: () => this.#conversation?.resized(),
    });
    if (line !== this.#line) return screen.dispose(); // taken away meanwhile
    this.#screen = screen;
    this.#conversation = new Conversation(screen, {
      send: (message) => line.send(message),
      changedFiles: () => this.#changes.take(this.files()),
      forgetFiles: () => this.#changes.forget(),
      more: (count) => word("terminal.more", { count }),
      anew: () => word("terminal.anew"),
    });
    this.#conversation.session = keptSession();
    this.#listen(line, this.#conversation);
    line.connect();
  }

  #listen(line: TerminalLine, conversation: Conversation): void {
    line.addEventListener("open", () => conversation.attach());
    line.addEventListener("message", (event) => this.#hear((event as CustomEvent<TerminalToPage>).detail, conversation));
    line.addEventListener("standing", (event) => this.#stand((event as CustomEvent<Standing>).detail, conversation));
    document.addEventListener("visibilitychange", this.#seen);
  }

  #hear(message: TerminalToPage, conversation: Conversation): void {
    conversation.hear(message);
    if (message.type === "attached") this.#attached(message.session);
    else if (message.type === "file") this.#write(message.name, message.text);
    else if (message.type === "edit") void this.#edit(message);
    else if (message.type === "notice") this.#say(word(troubleWord(message.trouble)));
    else if (message.type === "mode" && message.mode === "running") this.#say("");
  }

  #attached(session: string): void {
    keepSession(session);
    this.#say("");
    this.#line?.send({ type: "colours", on: this.#options.colours });
  }

  #write(name: string, text: string): void {
    this.#changes.heard(name, text);
    this.dispatchEvent(new TerminalFileEvent(name, text));
  }

  async #edit({ id, name, text }: EditAsked): Promise<void> {
    if (this.querySelector("dialog")) return; // it is open already: the session asks again after a drop
    const edited = await editText(this, name, text, this.getAttribute("schema-url") ?? "");
    this.#line?.send({ type: "edited", id, text: edited });
    this.focus();
  }

  #stand(standing: Standing, conversation: Conversation): void {
    if (standing === "open") return;
    conversation.away();
    if (standing === "lost") this.#say(word("terminal.lost"));
    else if (standing !== "connecting") this.#say(word(troubleWord(standing)), standing === "expired" ? "" : "terminal.here");
  }

  #say(words: string, action: Word | "" = ""): void {
    this.#status.textContent = words;
    this.#status.hidden = words === "";
    if (!action) return;
    const again = Object.assign(document.createElement("button"), { type: "button", className: "button button--quiet" });
    again.textContent = word(action);
    again.addEventListener("click", () => {
      this.#say(word("terminal.loading"));
      this.#line?.connect();
      this.focus();
    });
    this.#status.append(" ", again);
  }

  #seen = (): void => {
    if (document.visibilityState === "visible") this.#line?.hurry();
  };
}

function troubleWord(trouble: Trouble): Word {
  return `terminal.${trouble}`;
}

function keptSession(): string {
  try {
    return sessionStorage.getItem(SESSION) ?? "";
  } catch {
    return "";
  }
}

function keepSession(id: string): void {
  try {
    sessionStorage.setItem(SESSION, id);
  } catch {
    // a reload begins anew then
  }
}
