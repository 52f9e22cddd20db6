import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { ObjectUrls } from "../object-drawer/object-reader";
import type { EventItem, Item, Past, Sandbox } from "../wire";
import { word } from "../words";
import { Canvas } from "./canvas";
import { History } from "./history";
import { isMarked } from "./marks";
import { OpenObjectEvent } from "./open-object";
import { Pace } from "./pace";
import { ticker } from "./ticker";
import { timeSlider } from "./time-slider";

const PREPARING = new Set(["requested", "starting", "resetting"]);
const PAUSE = 1_500; // milliseconds after the first picture, before the past is asked for

/** The namespace as a place: nodes, what runs on them and what leads there, live or as it was. */
export class ClusterMapElement extends LitElement {
  static override properties = {
    items: { attribute: false, noAccessor: true },
    events: { attribute: false },
    sandbox: { attribute: false },
    known: { attribute: false },
    marked: { attribute: false },
    urls: { attribute: false },
    view: { state: true },
    moment: { state: true },
    opened: { state: true },
    seen: { state: true },
  };
  declare events: EventItem[];
  declare sandbox: Sandbox | null;
  /** Whether a first snapshot has come. */
  declare known: boolean;
  /** What the open requirements look at: "Deployment/web", "Pod?app=web", "Pod". */
  declare marked: string[];
  /** Where objects, logs and the past are read; null: nowhere, nothing opens. */
  declare urls: ObjectUrls | null;
  declare view: "map" | "table";
  declare moment: number | null;
  declare opened: Item | null;
  /** What is shown of `items`: a burst is slowed down. */
  declare seen: Item[];

  #items: Item[] = [];
  #history = new History();
  #pace = new Pace(
    (items) => (this.seen = items),
    () => document.hidden || window.matchMedia("(prefers-reduced-motion: reduce)").matches,
  );
  #canvas: Canvas | null = null;
  #asked = false;
  #remembers = false;

  constructor() {
    super();
    this.seen = [];
    this.events = [];
    this.sandbox = null;
    this.known = false;
    this.marked = [];
    this.urls = null;
    this.view = "map";
    this.moment = null;
    this.opened = null;
    this.addEventListener("open-object", (event) => (this.opened = (event as OpenObjectEvent).detail));
  }

  get items(): Item[] {
    return this.#items;
  }

  /** To be set at every change, not once a frame: each one is remembered. */
  set items(items: Item[]) {
    this.#items = items;
    if (this.known) this.#takeIn(items);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate(); // after a move to another place, everything is drawn anew
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#pace.stop();
    this.#begin(null);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!this.hasUpdated) this.replaceChildren();
    if (changed.has("known") && this.known) this.#takeIn(this.#items); // set before this code was there
  }

  protected override render(): TemplateResult {
    return html`
      ${this.#standing()}
      <div class="map__bar">
        <div class="switch" role="group" aria-label=${word("map.views")}>
          ${this.#viewButton("map", word("map.map"))} ${this.#viewButton("table", word("map.table"))}
        </div>
        ${this.view === "map" ? this.#zoomButtons() : nothing}
      </div>
      <div class="map__place">
        ${this.view === "map" ? this.#map() : html`<cluster-table .items=${this.#shown} .marked=${this.marked}></cluster-table>`}
        ${this.#drawer()}
      </div>
      ${this.#foot()}
    `;
  }

  protected override updated(): void {
    const svg = this.querySelector<SVGSVGElement>("svg.map");
    if (svg !== (this.#canvas?.svg ?? null)) this.#begin(svg);
    if (this.known) this.#canvas?.draw(this.#shown);
  }

  #begin(svg: SVGSVGElement | null): void {
    this.#canvas?.stop();
    this.#canvas = svg
      ? new Canvas(svg, {
          marked: (item) => isMarked(item, this.marked),
          open: (item) => this.#open(item),
          moved: () => this.requestUpdate(),
        })
      : null;
  }

  #takeIn(items: Item[]): void {
    this.#history.record(items, Date.now());
    this.#pace.offer(items);
    this.#rememberBefore();
  }

  get #past(): boolean {
    return this.moment !== null;
  }

  get #shown(): Item[] {
    return this.moment === null ? this.seen : this.#history.at(this.moment);
  }

  // --- parts ----------------------------------------------------------------------------------------------------
  /** How the sandbox stands, when it does not just stand there. */
  #standing(): TemplateResult | typeof nothing {
    const state = this.sandbox?.state;
    if (!state || state === "ready") return nothing;
    if (PREPARING.has(state)) return html`<p class="map__standing" role="status">${word("sandbox.preparing")}</p>`;
    const words = word(state === "failed" ? "sandbox.failed" : "sandbox.closed");
    return html`<p class="notice warm" role="status">${words} ${this.sandbox!.error}</p>`;
  }

  #viewButton(view: "map" | "table", name: string): TemplateResult {
    const choose = (): void => void (this.view = view);
    return html`<button type="button" aria-pressed=${this.view === view ? "true" : "false"} @click=${choose}>${name}</button>`;
  }

  #zoomButtons(): TemplateResult {
    const by = (factor: number) => () => this.#canvas?.zoomBy(factor);
    const fit = (): void => {
      this.#canvas?.fit();
      this.requestUpdate();
    };
    return html`<div class="map__zoom">
      <button class="button button--bare" type="button" aria-label=${word("map.zoomOut")} @click=${by(1 / 1.25)}>−</button>
      <button class="button button--bare" type="button" aria-label=${word("map.zoomIn")} @click=${by(1.25)}>+</button>
      ${this.#canvas?.free ? html`<button class="button button--bare" type="button" @click=${fit}>${word("map.fit")}</button>` : nothing}
    </div>`;
  }

  #map(): TemplateResult {
    return html`<svg class="map ${this.#past ? "map--past" : ""}" role="group" aria-label=${word("map.label")}></svg>
      ${this.known ? (this.#shown.some((item) => item.kind !== "Node") ? nothing : html`<p class="map__empty">${word("cluster.empty")}</p>`) : html`<p class="map__empty">${word("cluster.loading")}</p>`}`;
  }

  #drawer(): TemplateResult | typeof nothing {
    const { opened } = this;
    if (!opened) return nothing;
    const now = this.#shown.find((item) => item.uid === opened.uid);
    return html`<object-drawer
      .item=${now ?? opened}
      .gone=${!now}
      .events=${this.events}
      .urls=${this.urls}
      @close-object=${this.#close}
    ></object-drawer>`;
  }

  #foot(): TemplateResult | typeof nothing {
    if (!this.events.length && !this.#history.length) return nothing;
    const slid = { history: this.#history, moment: this.moment, slide: this.#slide, ask: this.#fetchPast };
    return html`<div class="map__foot ${this.#past ? "map__foot--past" : ""}">
      ${this.#past ? nothing : ticker(this.events, this.#openNamed)} ${timeSlider(slid)}
    </div>`;
  }

  // --- what people do -------------------------------------------------------------------------------------------
  #open(item: Item): void {
    if (this.urls) this.dispatchEvent(new OpenObjectEvent(item));
  }

  #openNamed = (kind: string, name: string): void => {
    const item = this.#shown.find((one) => one.kind === kind && one.name === name);
    if (item) this.#open(item);
  };

  #close = (): void => {
    const id = this.opened?.uid;
    this.opened = null;
    void this.updateComplete.then(() => {
      if (!id || this.#canvas?.focus(id)) return;
      this.querySelector<HTMLElement>(`[data-open="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
    });
  };

  #slide = (moment: number | null): void => void (this.moment = moment);

  /** Once there is something to see, and the page has had time for itself. */
  #rememberBefore(): void {
    if (this.#asked || !this.urls) return;
    this.#asked = true;
    window.setTimeout(() => void this.#fetchPast(), PAUSE);
  }

  /** What happened before the page was opened. */
  #fetchPast = async (): Promise<void> => {
    if (this.#remembers || !this.urls) return;
    this.#remembers = true;
    const response = await fetch(this.urls.past, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!response?.ok) {
      this.#remembers = false; // a touch of the slider tries again; this page's own past is there in any case
      return;
    }
    const before = this.#history.length;
    this.#history.precede((await response.json()) as Past);
    if (this.moment !== null) this.moment += this.#history.length - before;
    this.requestUpdate();
  };
}
