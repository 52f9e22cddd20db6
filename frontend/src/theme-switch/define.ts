import { ThemeSwitchElement } from "./theme-switch-element";

customElements.define("theme-switch", ThemeSwitchElement);
