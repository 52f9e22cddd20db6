import { html, svg, type TemplateResult } from "lit";
import { type IconName, SHAPES } from "./icons";

/** As icon(), for templates: the same nodes stay from render to render, so that no animation starts over. */
export function iconOf(name: IconName): TemplateResult {
  const paths = SHAPES[name].split(/ (?=M)/).map((shape) => svg`<path d=${shape}></path>`);
  return html`<svg class="icon icon--${name}" viewBox="0 0 16 16" aria-hidden="true">${paths}</svg>`;
}
