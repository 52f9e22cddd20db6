import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Canvas } from "../cluster-map/canvas";
import { iconOf } from "../lit-icon";
import type { Item, Scene as Recorded } from "../wire";
import { word } from "../words";
import { Scene } from "./scene";

/** A recorded scene on the map: started, paused and stepped through by the reader, never by itself. */
export class ClusterSceneElement extends LitElement {
  static override properties = {
    src: { type: String },
    label: { type: String },
    moment: { state: true },
    playing: { state: true },
    scene: { state: true },
    trouble: { state: true },
    opened: { state: true },
  };
  declare src: string;
  declare label: string;
  declare moment: number;
  declare playing: boolean;
  declare scene: Scene | null;
  declare trouble: boolean;
  declare opened: Item | null;

  #canvas: Canvas | null = null;
  #timer = 0;
  #description = "";
  #seen = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) void this.#load();
  });

  constructor() {
    super();
    this.src = "";
    this.label = "";
    this.moment = 0;
    this.playing = false;
    this.scene = null;
    this.trouble = false;
    this.opened = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#seen.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#seen.disconnect();
    this.#canvas?.stop();
    this.#canvas = null;
    this.#halt();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(): void {
    if (this.hasUpdated) return;
    this.#description = this.textContent.trim(); // what the server says of it, for whoever does not see it
    this.replaceChildren();
  }

  protected override render(): TemplateResult {
    const note = this.scene?.note(this.moment, document.documentElement.lang) ?? "";
    return html`
      <p class="unseen">${this.#description}</p>
      <div class="scene__place">
        <svg class="map map--scene" role="group" aria-label=${this.label}></svg>
        ${this.trouble ? html`<p class="map__empty">${word("scene.trouble")}</p>` : nothing} ${this.#drawer()}
      </div>
      ${this.scene ? this.#controls(this.scene) : nothing}
      ${note ? html`<p class="scene__note" aria-live="polite">${note}</p>` : nothing}
    `;
  }

  protected override updated(): void {
    if (!this.scene) return;
    const svg = this.querySelector<SVGSVGElement>("svg.map")!;
    this.#canvas ??= new Canvas(svg, { marked: () => false, open: (item) => (this.opened = item), moved: () => undefined }, false);
    this.#canvas.draw(this.scene.at(this.moment));
  }

  #drawer(): TemplateResult | typeof nothing {
    if (!this.opened) return nothing;
    const now = this.scene?.at(this.moment).find((item) => item.uid === this.opened?.uid);
    return html`<object-drawer .item=${now ?? this.opened} .gone=${!now} @close-object=${this.#close}></object-drawer>`;
  }

  #close = (): void => {
    const id = this.opened?.uid ?? "";
    this.opened = null;
    void this.updateComplete.then(() => this.#canvas?.focus(id));
  };

  #controls(scene: Scene): TemplateResult {
    const over = this.moment >= scene.end;
    const start = over ? word("scene.again") : word(this.playing ? "scene.pause" : "scene.start");
    return html`<div class="scene__controls" role="group" aria-label=${this.label}>
      <button class="button" type="button" @click=${this.#toggle}>${start}</button>
      <button class="button button--quiet" type="button" ?disabled=${over} @click=${this.#step}>${word("scene.step")} ${iconOf("next")}</button>
      <input
        type="range"
        min="0"
        max=${scene.end}
        .value=${String(this.moment)}
        aria-label=${word("map.past")}
        aria-valuetext=${word("scene.at", { step: this.moment, all: scene.end })}
        @input=${(event: Event) => this.#go(Number((event.target as HTMLInputElement).value))}
      />
    </div>`;
  }

  // --- what the reader does ---------------------------------------------------------------------------------------
  #toggle = (): void => {
    if (this.playing) return this.#halt();
    if (this.scene && this.moment >= this.scene.end) this.moment = 0;
    this.playing = true;
    this.#plan();
  };

  #step = (): void => this.#go(this.moment + 1);

  #go(moment: number): void {
    this.#halt();
    this.moment = moment;
  }

  #halt(): void {
    window.clearTimeout(this.#timer);
    this.playing = false;
  }

  #plan(): void {
    if (!this.scene) return;
    this.#timer = window.setTimeout(() => {
      if (!this.scene || !this.playing) return;
      this.moment++;
      if (this.moment >= this.scene.end) this.#halt();
      else this.#plan();
    }, this.scene.pause(this.moment));
  }

  async #load(): Promise<void> {
    this.#seen.disconnect();
    try {
      const response = await fetch(this.src, { headers: { Accept: "application/json" } });
      this.scene = new Scene((await response.json()) as Recorded);
    } catch {
      this.trouble = true; // the description tells what was to be seen
    }
  }
}
