import { icon } from "../icons";

export type Theme = "system" | "light" | "dark";
const ORDER: readonly Theme[] = ["system", "light", "dark"];
const KEY = "theme"; // base.html reads it before the first paint

export function after(theme: Theme): Theme {
  return ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length]!;
}

/**
 * One button that goes through the themes. The page words it:
 * <theme-switch label="Theme" system="as the system" light="light" dark="dark"></theme-switch>
 */
export class ThemeSwitchElement extends HTMLElement {
  #button = document.createElement("button");

  connectedCallback(): void {
    this.#button.type = "button";
    this.#button.className = "button button--bare";
    this.#button.addEventListener("click", () => this.#choose(after(this.#theme)));
    this.replaceChildren(this.#button);
    this.#show();
  }

  get #theme(): Theme {
    const chosen = document.documentElement.dataset["theme"];
    return chosen === "light" || chosen === "dark" ? chosen : "system";
  }

  #choose(theme: Theme): void {
    if (theme === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
    try {
      if (theme === "system") localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, theme);
    } catch {
      // storage may be forbidden: the choice then lasts as long as this page
    }
    this.#show();
  }

  #show(): void {
    const theme = this.#theme;
    const words = `${this.getAttribute("label") ?? "Theme"}: ${this.getAttribute(theme) ?? theme}`;
    this.#button.setAttribute("aria-label", words);
    this.#button.title = words;
    this.#button.replaceChildren(icon(theme));
  }
}
