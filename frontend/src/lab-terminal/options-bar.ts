import { word, type Word } from "../words";

const KEPT = "terminal-options";
const SIZES = { smallest: 10, usual: 13, largest: 22 };

export interface Options {
  fontSize: number;
  screenReader: boolean;
  colours: boolean;
}

export interface OptionActs {
  changed(options: Options): void;
  clear(): void;
  key(data: string): void;
}

export function keptOptions(): Options {
  const usual: Options = { fontSize: SIZES.usual, screenReader: false, colours: true };
  try {
    return { ...usual, ...(JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Partial<Options>) };
  } catch {
    return usual;
  }
}

// For fingers, which have no such keys.
const KEYS: readonly [string, string, Word | null][] = [
  ["Tab", "\t", null], ["Ctrl-C", "\x03", null], ["Ctrl-D", "\x04", null],
  ["↑", "\x1b[A", "terminal.older"], ["↓", "\x1b[B", "terminal.newer"],
];

export interface OptionsBar {
  menu: HTMLElement;
  keys: HTMLElement;
}

/** The terminal's menu, and a row of keys where there is no keyboard. */
export function optionsBar(options: Options, acts: OptionActs): OptionsBar {
  const menu = document.createElement("details");
  menu.className = "menu pane__push";
  const summary = Object.assign(document.createElement("summary"), { className: "button button--bare" });
  summary.textContent = word("terminal.options");
  const items = Object.assign(document.createElement("div"), { className: "menu__items" });
  const change = (): void => {
    remember(options);
    acts.changed(options);
  };
  const size = (step: number) => (): void => {
    options.fontSize = Math.min(SIZES.largest, Math.max(SIZES.smallest, options.fontSize + step));
    change();
  };
  items.append(
    toggle("terminal.reader", options, "screenReader", change),
    toggle("terminal.colours", options, "colours", change),
    item("terminal.larger", size(1)),
    item("terminal.smaller", size(-1)),
    item("terminal.clear", () => {
      menu.open = false;
      acts.clear();
    }),
  );
  menu.append(summary, items);
  return { menu, keys: keyRow(acts) };
}

function keyRow(acts: OptionActs): HTMLElement {
  const row = Object.assign(document.createElement("div"), { className: "terminal-keys" });
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", word("terminal.keys"));
  for (const [shown, data, label] of KEYS) {
    const key = item(shown, () => acts.key(data));
    key.className = "button button--bare";
    if (label) key.setAttribute("aria-label", word(label));
    row.append(key);
  }
  return row;
}

function item(text: Word | string, run: () => void): HTMLButtonElement {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "menu__item" });
  button.textContent = text.startsWith("terminal.") ? word(text as Word) : text;
  button.addEventListener("click", run);
  return button;
}

function toggle(text: Word, options: Options, name: "screenReader" | "colours", changed: () => void): HTMLButtonElement {
  const button = item(text, () => {
    options[name] = !options[name];
    button.setAttribute("aria-pressed", String(options[name]));
    changed();
  });
  button.setAttribute("aria-pressed", String(options[name]));
  return button;
}

function remember(options: Options): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify(options));
  } catch {
    // it holds for this visit then
  }
}
