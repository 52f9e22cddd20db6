import { html, LitElement, nothing, type TemplateResult } from "lit";
import { texts } from "../cluster-map/facts";
import { toneOf } from "../cluster-map/families";
import { kindGlyph } from "../cluster-map/glyphs";
import { stateOf } from "../cluster-map/saying";
import type { EventItem, Item } from "../wire";
import { word } from "../words";
import { ObjectReader, type ObjectUrls, type Yaml } from "./object-reader";
import { linesOf } from "./summary";
import { yamlLines } from "./yaml-lines";

type Tab = "summary" | "yaml" | "events" | "log";

const OWN_NODE = "k8slab.io/private-to"; // label of a node that belongs to this sandbox
const FOLLOW = 1_500; // milliseconds between two looks at a log
const AT_END = 24; // pixels from the end at which somebody counts as reading the end

/** One object: what it is, its YAML, its events, its containers' logs. */
export class ObjectDrawerElement extends LitElement {
  static override properties = {
    item: { attribute: false },
    gone: { attribute: false },
    events: { attribute: false },
    urls: { attribute: false },
    tab: { state: true },
    yaml: { state: true },
    log: { state: true },
    trouble: { state: true },
    container: { state: true },
    follows: { state: true },
    previous: { state: true },
  };
  declare item: Item;
  /** It exists no more: what is shown is how it was last. */
  declare gone: boolean;
  declare events: EventItem[];
  declare urls: ObjectUrls | null;
  declare tab: Tab;
  declare yaml: Yaml | null;
  declare log: string | null;
  declare trouble: string;
  declare container: string;
  declare follows: boolean;
  declare previous: boolean;

  #reader: ObjectReader | null = null;
  #asked = 0; // only the newest question's answer counts
  #timer = 0;
  #version = "";

  constructor() {
    super();
    this.gone = false;
    this.events = [];
    this.urls = null;
    this.tab = "summary";
    this.follows = true;
    this.#forget();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("keydown", this.#pressed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearTimeout(this.#timer);
    this.removeEventListener("keydown", this.#pressed);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("urls") && this.urls) this.#reader = new ObjectReader(this.urls);
    const before = changed.get("item") as Item | undefined;
    if (before && before.uid !== this.item.uid) this.#another();
    else if (changed.has("item") && this.tab === "yaml" && this.item.resourceVersion !== this.#version) void this.#readYaml(false);
  }

  protected override firstUpdated(): void {
    this.querySelector<HTMLElement>(".drawer__close")?.focus({ preventScroll: true });
  }

  protected override render(): TemplateResult {
    const { item } = this;
    return html`<section class="drawer" role="dialog" aria-label="${item.kind} ${item.name}">
      <header class="drawer__head">
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=${kindGlyph(item.kind)}></path></svg>
        <div class="drawer__name"><span class="kind">${item.kind}</span> <strong>${item.name}</strong></div>
        <span class="badge ${this.gone ? "idle" : toneOf(item.state)}">${this.gone ? word("drawer.gone") : item.reason || stateOf(item)}</span>
        <button class="button button--bare drawer__close" type="button" aria-label=${word("drawer.close")} @click=${this.#close}>✕</button>
      </header>
      <div class="drawer__tabs" role="tablist" aria-label=${item.name} @keydown=${this.#tabPressed}>
        ${this.#tabs.map((tab) => this.#tabButton(tab))}
      </div>
      <div class="drawer__body" role="tabpanel" id="drawer-panel" aria-labelledby="drawer-tab-${this.tab}" tabindex="0">
        ${this.trouble ? html`<p class="notice warm" role="status">${this.trouble}</p>` : nothing}
        ${this.#panel()}
      </div>
    </section>`;
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has("log") && this.follows) this.#toEnd(changed.get("log") === null);
  }

  get #tabs(): Tab[] {
    if (!this.urls) return ["summary"]; // of a scene nothing else is known
    return this.item.kind === "Pod" ? ["summary", "yaml", "events", "log"] : ["summary", "yaml", "events"];
  }

  get #own(): EventItem[] {
    return this.events.filter((event) => event.object === `${this.item.kind}/${this.item.name}`);
  }

  #tabButton(tab: Tab): TemplateResult {
    const chosen = this.tab === tab;
    const note = tab === "events" && this.#own.length ? html` <span class="drawer__count">${this.#own.length}</span>` : nothing;
    return html`<button
      type="button"
      role="tab"
      id="drawer-tab-${tab}"
      aria-controls="drawer-panel"
      aria-selected=${chosen ? "true" : "false"}
      tabindex=${chosen ? 0 : -1}
      @click=${() => this.#choose(tab)}
    >${word(`drawer.${tab}`)}${note}</button>`;
  }

  #panel(): TemplateResult | typeof nothing {
    if (this.tab === "summary") return this.#summary();
    if (this.tab === "events") return this.#eventList();
    if (this.tab === "yaml") return this.#yaml();
    return this.#log();
  }

  #summary(): TemplateResult {
    return html`<dl class="facts">
        ${linesOf(this.item).map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}
      </dl>
      ${this.urls && this.item.labels[OWN_NODE] ? this.#switch() : nothing}`;
  }

  /** A node of the sandbox's own may fail: that is what it is there for. */
  #switch(): TemplateResult {
    const off = this.item.state === "failing" || this.item.state === "unknown";
    return html`<p class="drawer__power">
      <button class="button ${off ? "" : "button--danger"}" type="button" @click=${() => void this.#power(off)}>
        ${word(off ? "drawer.switchOn" : "drawer.switchOff")}
      </button>
      <span class="quiet">${word("drawer.power")}</span>
    </p>`;
  }

  async #power(on: boolean): Promise<void> {
    await this.#take(++this.#asked, this.#reader?.power(this.item.name, on), () => undefined);
  }

  #eventList(): TemplateResult {
    if (!this.#own.length) return html`<p class="empty">${word("drawer.noEvents")}</p>`;
    return html`<ol class="events">
      ${this.#own.map(
        (event) => html`<li class="tone ${event.type === "Warning" ? "warm" : "idle"}">
          <strong>${event.reason}</strong> ${event.count > 1 ? html`<span>×${event.count}</span>` : nothing}
          <time datetime=${event.last}>${new Date(event.last).toLocaleTimeString(document.documentElement.lang || undefined)}</time>
          <span class="events__words">${event.message}</span>
        </li>`,
      )}
    </ol>`;
  }

  #yaml(): TemplateResult | typeof nothing {
    if (!this.yaml) return nothing;
    return html`
      ${this.yaml.hides
        ? html`<p class="drawer__hidden">
            ${word("drawer.hidden")}
            <button class="button button--quiet" type="button" @click=${() => void this.#readYaml(true)}>${word("drawer.reveal")}</button>
          </p>`
        : nothing}
      <pre class="drawer__text"><code>${yamlLines(this.yaml.yaml)}</code></pre>
    `;
  }

  #log(): TemplateResult {
    const containers = texts(this.item, "names");
    return html`
      <div class="drawer__tools">
        ${containers.length > 1
          ? html`<label>${word("drawer.container")}
              <select class="input" @change=${(event: Event) => this.#look({ container: (event.target as HTMLSelectElement).value })}>
                ${containers.map((name) => html`<option value=${name} ?selected=${name === this.container}>${name}</option>`)}
              </select></label>`
          : nothing}
        <label><input type="checkbox" .checked=${this.follows} @change=${(event: Event) => this.#look({ follows: checked(event) })} /> ${word("drawer.follow")}</label>
        ${Number(this.item.detail["restarts"] ?? 0) > 0
          ? html`<label><input type="checkbox" .checked=${this.previous} @change=${(event: Event) => this.#look({ previous: checked(event) })} /> ${word("drawer.previous")}</label>`
          : nothing}
      </div>
      ${this.log === null ? nothing : this.log === "" ? html`<p class="empty">${word("drawer.noLog")}</p>` : html`<pre class="drawer__text drawer__log">${this.log}</pre>`}
    `;
  }

  // --- what is asked of the server --------------------------------------------------------------------------------
  async #readYaml(reveal: boolean): Promise<void> {
    const { item } = this;
    this.#version = item.resourceVersion;
    const asked = ++this.#asked;
    const keeps = reveal || (this.yaml !== null && !this.yaml.hides && item.kind === "Secret");
    await this.#take(asked, this.#reader?.yaml(item, keeps), (yaml) => (this.yaml = yaml));
  }

  async #readLog(): Promise<void> {
    window.clearTimeout(this.#timer);
    const asked = ++this.#asked;
    const container = this.container || (texts(this.item, "names").at(-1) ?? "");
    this.container = container;
    await this.#take(asked, this.#reader?.log(this.item.name, container, this.previous), (log) => (this.log = log));
    if (asked === this.#asked && this.follows && this.isConnected && this.tab === "log" && !this.gone) {
      this.#timer = window.setTimeout(() => void this.#readLog(), FOLLOW);
    }
  }

  async #take<T>(asked: number, answer: Promise<T> | undefined, show: (found: T) => void): Promise<void> {
    try {
      const found = await answer;
      if (asked !== this.#asked || found === undefined) return;
      this.trouble = "";
      show(found);
    } catch (error) {
      if (asked === this.#asked) this.trouble = error instanceof Error ? error.message : String(error);
    }
  }

  #look(wish: Partial<Pick<this, "container" | "follows" | "previous">>): void {
    Object.assign(this, wish);
    void this.#readLog();
  }

  #another(): void {
    const tab = this.#tabs.includes(this.tab) ? this.tab : "summary";
    this.#forget();
    this.#choose(tab);
  }

  #forget(): void {
    window.clearTimeout(this.#timer);
    this.#asked++;
    this.#version = "";
    this.yaml = null;
    this.log = null;
    this.trouble = "";
    this.container = "";
    this.previous = false;
  }

  #choose(tab: Tab): void {
    window.clearTimeout(this.#timer);
    this.tab = tab;
    this.trouble = "";
    if (tab === "yaml") void this.#readYaml(false);
    else if (tab === "log") void this.#readLog();
  }

  // --- keys -------------------------------------------------------------------------------------------------------
  #close = (): void => void this.dispatchEvent(new CustomEvent("close-object", { bubbles: true }));

  #pressed = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#close();
  };

  #tabPressed = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const tabs = this.#tabs;
    const tab = tabs[(tabs.indexOf(this.tab) + step + tabs.length) % tabs.length]!;
    this.#choose(tab);
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(`#drawer-tab-${tab}`)?.focus());
  };

  /** Follows the log's end unless somebody has scrolled up to read. */
  #toEnd(first: boolean): void {
    const body = this.querySelector<HTMLElement>(".drawer__body");
    if (!body || this.tab !== "log") return;
    if (first || body.scrollHeight - body.scrollTop - body.clientHeight < AT_END + body.clientHeight / 2) body.scrollTop = body.scrollHeight;
  }
}

function checked(event: Event): boolean {
  return (event.target as HTMLInputElement).checked;
}
