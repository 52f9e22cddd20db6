import { html, nothing, type TemplateResult } from "lit";
import { iconOf } from "../lit-icon";
import { word } from "../words";
import type { History } from "./history";

export interface Slid {
  history: History;
  moment: number | null; // null: live
  slide(moment: number | null): void;
  ask(): unknown; // what the server remembers is wanted now
}

/** Back over what happened, moment by moment, and to the present again. */
export function timeSlider({ history, moment, slide, ask }: Slid): TemplateResult | typeof nothing {
  if (!history.length) return nothing;
  const at = moment ?? history.length;
  const said = moment === null ? word("map.live") : clock(history.time(moment));
  return html`<div class="past">
    <input
      type="range"
      min="0"
      max=${history.length}
      step="1"
      .value=${String(at)}
      aria-label=${word("map.past")}
      aria-valuetext=${said}
      @pointerdown=${ask}
      @focus=${ask}
      @input=${(event: Event) => slide(reached(event, history))}
    />
    <output class="past__when">${said}</output>
    <button class="button button--quiet past__live" type="button" ?hidden=${moment === null} @click=${() => slide(null)}>
      ${iconOf("next")} ${word("map.toLive")}
    </button>
  </div>`;
}

function reached(event: Event, history: History): number | null {
  const value = Number((event.target as HTMLInputElement).value);
  return value >= history.length ? null : value;
}

export function clock(time: number): string {
  if (!time) return "";
  return new Date(time).toLocaleTimeString(document.documentElement.lang || undefined);
}
