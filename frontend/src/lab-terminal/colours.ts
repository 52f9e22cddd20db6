import type { ITheme } from "@xterm/xterm";

// The page's tokens for the names that a terminal has.
const TOKENS: Record<string, string> = {
  background: "--surface", foreground: "--ink", cursor: "--accent", cursorAccent: "--surface",
  selectionBackground: "--selection", selectionInactiveBackground: "--line",
  black: "--ink", red: "--bad", green: "--good", yellow: "--warm", blue: "--accent", magenta: "--code-meta",
  cyan: "--busy", white: "--ink-soft", brightBlack: "--ink-faint", brightRed: "--bad", brightGreen: "--good",
  brightYellow: "--warm", brightBlue: "--accent-strong", brightMagenta: "--code-meta", brightCyan: "--busy",
  brightWhite: "--ink", scrollbarSliderBackground: "--line", scrollbarSliderHoverBackground: "--line-strong",
  scrollbarSliderActiveBackground: "--line-strong",
};

/** The theme as it is now: a token may be light-dark(), which only an element resolves. */
export function themeOf(host: HTMLElement): ITheme {
  const probe = document.createElement("span");
  probe.hidden = true;
  host.append(probe);
  const theme = Object.fromEntries(
    Object.entries(TOKENS).map(([name, token]) => {
      probe.style.color = `var(${token})`;
      return [name, getComputedStyle(probe).color];
    }),
  );
  probe.remove();
  return theme;
}

/** Calls `changed` when the system or the reader chooses another theme; what is returned ends it. */
export function followTheme(changed: () => void): () => void {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = new MutationObserver(changed);
  dark.addEventListener("change", changed);
  chosen.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "class"] });
  return () => {
    dark.removeEventListener("change", changed);
    chosen.disconnect();
  };
}
