import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { EventItem, Item, Sandbox } from "../wire";
import { word } from "../words";
import { detailOf } from "./detail";
import { atRest, type Families, familiesOf, type Family, humps, type Served, shortName, toneOf } from "./families";

const EVENTS_SHOWN = 6;
const PREPARING = new Set(["requested", "starting", "resetting"]);

/** The namespace as lists: what keeps pods and its pods by state, services with their endpoints, the rest, events. */
export class ClusterViewElement extends LitElement {
  static override properties = {
    items: { attribute: false },
    events: { attribute: false },
    sandbox: { attribute: false },
    known: { attribute: false },
    chosen: { state: true },
  };
  declare items: Item[];
  declare events: EventItem[];
  declare sandbox: Sandbox | null;
  /** Whether a first snapshot has come. */
  declare known: boolean;
  declare chosen: string;

  constructor() {
    super();
    this.items = [];
    this.events = [];
    this.sandbox = null;
    this.known = false;
    this.chosen = "";
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(): void {
    if (!this.hasUpdated) this.replaceChildren();
  }

  protected override render(): TemplateResult {
    const families = familiesOf(this.items);
    return html`${this.#standing()} ${this.#objects(families)} ${this.#ticker()}`;
  }

  /** How the sandbox stands, when it does not just stand there. */
  #standing(): TemplateResult | typeof nothing {
    const state = this.sandbox?.state;
    if (!state || state === "ready") return nothing;
    if (PREPARING.has(state)) return html`<p class="cluster__standing" role="status">${word("sandbox.preparing")}</p>`;
    const words = word(state === "failed" ? "sandbox.failed" : "sandbox.closed");
    return html`<p class="notice warm" role="status">${words} ${this.sandbox!.error}</p>`;
  }

  #objects({ workloads, alone, services, others }: Families): TemplateResult {
    if (!this.known) return html`<p class="empty">${word("cluster.loading")}</p>`;
    if (!workloads.length && !alone.length && !services.length && !others.length)
      return html`<p class="empty">${word("cluster.empty")}</p>`;
    return html`
      ${repeat(workloads, (family) => family.item.uid, (family) => html`<section class="family">${this.#family(family)}</section>`)}
      ${alone.length ? group(word("cluster.alone"), this.#pods(alone)) : nothing}
      ${services.length ? group(word("cluster.services"), this.#list(services.map(({ item }) => item), new Map(services.map((served) => [served.item.uid, served])))) : nothing}
      ${others.length ? group(word("cluster.other"), this.#list(others)) : nothing}
    `;
  }

  #family(family: Family): TemplateResult {
    const { item, children, pods } = family;
    return html`
      ${this.#head(item)}
      ${pods.length ? this.#pods(pods) : nothing}
      ${repeat(
        children,
        (child) => child.item.uid,
        (child) => html`<div class="family__child" data-rest=${atRest(child) ? "" : nothing}>${this.#family(child)}</div>`,
      )}
    `;
  }

  #head(item: Item): TemplateResult {
    const { wanted, ready } = item.detail as { wanted?: number; ready?: number };
    const rest = item.kind === "ReplicaSet" && wanted === 0 && item.owner !== "";
    const words = rest
      ? word("cluster.older")
      : wanted === undefined
        ? word(`state.${item.state}`)
        : word("cluster.ready", { ready: ready ?? 0, wanted });
    return html`
      <div class="family__head tone ${rest ? "idle" : toneOf(item.state)}" data-kind=${item.kind} data-name=${item.name}>
        ${this.#opener(item, html`<span class="kind">${item.kind}</span> <strong>${item.name}</strong>`)}
        <span class="badge">${words}</span>
      </div>
      ${item.reason ? html`<p class="family__reason tone ${toneOf(item.state)}"><strong>${item.reason}</strong> ${item.message}</p>` : nothing}
      ${this.#detail(item)}
    `;
  }

  #pods(pods: Item[]): TemplateResult {
    const shown = pods.find((pod) => pod.uid === this.chosen);
    return html`
      <ul class="pods">
        ${repeat(pods, (pod) => pod.uid, (pod) => this.#pod(pod))}
      </ul>
      ${shown ? detailOf(shown) : nothing}
    `;
  }

  #pod(pod: Item): TemplateResult {
    const words = pod.reason ? humps(pod.reason).map((hump) => html`${hump}<wbr />`) : word(`state.${pod.state}`);
    return html`<li>
      <button
        class="pod tone ${toneOf(pod.state)}"
        type="button"
        data-state=${pod.state}
        data-name=${pod.name}
        aria-expanded=${this.chosen === pod.uid ? "true" : "false"}
        title=${pod.name}
        @click=${() => this.#choose(pod)}
      >
        <span class="pod__name">${shortName(pod)}</span>
        <span class="pod__state">${words}</span>
      </button>
    </li>`;
  }

  #list(items: Item[], served = new Map<string, Served>()): TemplateResult {
    return html`<ul class="objects">
      ${repeat(
        items,
        (item) => item.uid,
        (item) => html`<li data-kind=${item.kind} data-name=${item.name}>
          ${this.#opener(item, html`<span class="kind">${item.kind}</span> <strong>${item.name}</strong>`)}
          ${served.has(item.uid) ? endpoints(served.get(item.uid)!) : html`<span class="badge ${toneOf(item.state)}">${word(`state.${item.state}`)}</span>`}
          ${this.#detail(item)}
        </li>`,
      )}
    </ul>`;
  }

  #opener(item: Item, content: TemplateResult): TemplateResult {
    const open = this.chosen === item.uid ? "true" : "false";
    return html`<button class="opener" type="button" aria-expanded=${open} @click=${() => this.#choose(item)}>
      ${content}
    </button>`;
  }

  #detail(item: Item): TemplateResult | typeof nothing {
    return this.chosen === item.uid ? detailOf(item) : nothing;
  }

  #choose(item: Item): void {
    this.chosen = this.chosen === item.uid ? "" : item.uid;
  }

  #ticker(): TemplateResult | typeof nothing {
    if (!this.events.length) return nothing;
    return html`<section class="group">
      <h3>${word("cluster.events")}</h3>
      <ol class="events">
        ${repeat(this.events.slice(0, EVENTS_SHOWN), (event) => event.uid, eventLine)}
      </ol>
    </section>`;
  }
}

function group(title: string, content: TemplateResult): TemplateResult {
  return html`<section class="group"><h3>${title}</h3>${content}</section>`;
}

function endpoints({ ready, all }: Served): TemplateResult {
  if (all === 0) return html`<span class="badge warm">${word("cluster.unserved")}</span>`;
  return html`<span class="badge ${ready === all ? "good" : "busy"}">${word("cluster.endpoints", { ready, all })}</span>`;
}

function eventLine(event: EventItem): TemplateResult {
  return html`<li class="tone ${event.type === "Warning" ? "warm" : "idle"}" data-type=${event.type}>
    <strong>${event.reason}</strong> <code>${event.object}</code>
    ${event.count > 1 ? html`<span>×${event.count}</span>` : nothing}
    <span class="events__words">${event.message}</span>
  </li>`;
}
