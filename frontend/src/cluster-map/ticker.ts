import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { EventItem } from "../wire";
import { word } from "../words";

const SHOWN = 12;

/** The newest events side by side, newest first; each opens the object that it is about. */
export function ticker(events: readonly EventItem[], open: (kind: string, name: string) => void): TemplateResult | typeof nothing {
  if (!events.length) return nothing;
  return html`<ol class="ticker" aria-label=${word("cluster.events")} tabindex="0">
    ${repeat(
      events.slice(0, SHOWN),
      (event) => `${event.uid}/${event.count}`,
      (event) => one(event, open),
    )}
  </ol>`;
}

function one(event: EventItem, open: (kind: string, name: string) => void): TemplateResult {
  const [kind = "", name = ""] = event.object.split("/");
  return html`<li class="ticker__event tone ${event.type === "Warning" ? "warm" : "idle"}">
    <button type="button" title=${event.message} @click=${() => open(kind, name)}>
      <strong>${event.reason}</strong>
      <code>${event.object}</code>
      ${event.count > 1 ? html`<span>×${event.count}</span>` : nothing}
      <span class="ticker__words">${event.message}</span>
    </button>
  </li>`;
}
