import { FitAddon } from "@xterm/addon-fit";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import { followTheme, themeOf } from "./colours";
import type { Paper } from "./conversation";

const FONT = '"JetBrains Mono Variable"';
const MONO = `${FONT}, ui-monospace, "SF Mono", Menlo, Consolas, monospace, "Noto Sans KR Variable", "Malgun Gothic"`;
const SCROLLBACK = 5_000; // lines

export interface Wishes {
  label: string;
  fontSize: number;
  screenReader: boolean;
  typed(data: string): void;
  resized(): void;
}

/** xterm.js in `parent`, as the page looks. Its style elements carry the page's nonce. */
export class Screen implements Paper {
  #terminal: Terminal;
  #fit = new FitAddon();
  #parent: HTMLElement;
  #ends: (() => void)[] = [];

  private constructor(parent: HTMLElement, wishes: Wishes) {
    this.#parent = parent;
    Terminal.strings.promptLabel = wishes.label;
    this.#terminal = new Terminal({
      documentOverride: lawfulDocument(),
      fontFamily: MONO,
      fontSize: wishes.fontSize,
      lineHeight: 1.25,
      cursorBlink: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
      cursorStyle: "bar",
      cursorInactiveStyle: "outline",
      minimumContrastRatio: 4.5,
      scrollback: SCROLLBACK,
      screenReaderMode: wishes.screenReader,
      theme: themeOf(parent),
    });
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.loadAddon(new WebLinksAddon((_, url) => void window.open(url, "_blank", "noopener,noreferrer")));
  }

  /** The font first: cells are measured once. */
  static async open(parent: HTMLElement, wishes: Wishes): Promise<Screen> {
    await document.fonts.load(`${wishes.fontSize}px ${FONT}`).catch(() => []);
    const screen = new Screen(parent, wishes);
    withNonce(() => screen.#terminal.open(parent));
    screen.#listen(wishes);
    screen.fit();
    return screen;
  }

  get columns(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  get column(): number {
    return Math.min(this.#terminal.buffer.active.cursorX, this.#terminal.cols - 1);
  }

  get text(): string {
    const buffer = this.#terminal.buffer.active;
    const lines = Array.from({ length: buffer.length }, (_, row) => buffer.getLine(row)?.translateToString(true) ?? "");
    return lines.join("\n").trimEnd();
  }

  write(text: string): Promise<void> {
    return new Promise((resolve) => this.#terminal.write(text, resolve));
  }

  reset(): void {
    this.#terminal.reset();
  }

  focus(): void {
    this.#terminal.focus();
  }

  /** Takes the room that there is. */
  fit(): void {
    if (this.#parent.clientWidth > 0 && this.#parent.clientHeight > 0) this.#fit.fit();
  }

  set screenReader(on: boolean) {
    this.#terminal.options.screenReaderMode = on;
  }

  set fontSize(size: number) {
    this.#terminal.options.fontSize = size;
    this.fit();
  }

  dispose(): void {
    for (const end of this.#ends) end();
    this.#terminal.dispose();
  }

  #listen(wishes: Wishes): void {
    this.#terminal.onData((data) => wishes.typed(data));
    this.#terminal.onResize(() => wishes.resized());
    this.#terminal.attachCustomKeyEventHandler((event) => this.#key(event));
    const room = new ResizeObserver(() => this.fit());
    room.observe(this.#parent);
    const late = (): void => this.fit();
    document.fonts.addEventListener("loadingdone", late);
    this.#ends.push(
      () => room.disconnect(),
      () => document.fonts.removeEventListener("loadingdone", late),
      followTheme(() => (this.#terminal.options.theme = themeOf(this.#parent))),
    );
  }

  /** False leaves a key to the browser: copying, pasting, and what the page has shortcuts for. */
  #key(event: KeyboardEvent): boolean {
    if (event.type !== "keydown") return true;
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (command && key === "c" && this.#terminal.hasSelection()) return this.#copy(event);
    if (command && event.shiftKey && key === "c") return this.#copy(event);
    if (command && key === "v") return false; // the browser pastes, and xterm.js hears of it
    if (event.ctrlKey && key === "insert") return this.#copy(event);
    if (event.shiftKey && key === "insert") return false;
    if (event.metaKey) return false;
    return !(event.ctrlKey && (key === "`" || key === "enter")); // the workbench's own
  }

  #copy(event: KeyboardEvent): false {
    const text = this.#terminal.getSelection();
    event.preventDefault(); // Ctrl-Shift-C would open the browser's tools
    if (text) void navigator.clipboard?.writeText(text).then(() => this.#terminal.clearSelection());
    return false;
  }
}

/** Runs something that makes style elements in the page's own document. */
function withNonce(run: () => void): void {
  const create = document.createElement;
  document.createElement = lawful(create, nonce()) as typeof document.createElement;
  try {
    run();
  } finally {
    document.createElement = create;
  }
}

/** The document as xterm.js is given it: what it makes keeps to the content security policy. */
function lawfulDocument(): Document {
  const create = lawful(document.createElement, nonce()).bind(document);
  return new Proxy(document, {
    get(target, key): unknown {
      if (key === "createElement") return create;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Style elements carry the page's nonce; a `style` attribute is set as properties, which no policy minds. */
function lawful(create: Document["createElement"], key: string) {
  return function (this: Document, name: string, options?: ElementCreationOptions): HTMLElement {
    const made = create.call(this, name, options);
    if (name === "style") made.nonce = key;
    if (name === "span") made.setAttribute = setAttribute;
    return made;
  };
}

function setAttribute(this: HTMLElement, name: string, value: string): void {
  if (name === "style") this.style.cssText = value;
  else Element.prototype.setAttribute.call(this, name, value);
}

function nonce(): string {
  return document.querySelector<HTMLElement>("script[nonce]")?.nonce ?? "";
}
