import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { passed } from "../attempt-state";
import { iconOf } from "../lit-icon";
import type { Attempt, CheckState } from "../wire";
import { word } from "../words";
import { sides } from "./differences";

const TONES = { pass: "good", fail: "bad", waiting: "busy", error: "warm", untried: "idle" } as const;

/** A student asks for a check's hint; `check` is its id. */
export class HintWantedEvent extends Event {
  constructor(readonly check: string) {
    super("hint-wanted", { bubbles: true });
  }
}

/** The requirements of the exercise, each with its verdict and what explains it. The page's own list stays until then. */
export class CheckPanelElement extends LitElement {
  static override properties = { attempt: { attribute: false } };
  declare attempt: Attempt | null;
  #known = new Map<string, CheckState["verdict"]>();
  #said = "";

  constructor() {
    super();
    this.attempt = null;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override shouldUpdate(): boolean {
    return this.attempt !== null;
  }

  protected override willUpdate(): void {
    if (!this.hasUpdated) this.replaceChildren();
  }

  /** Verdicts that changed since the last time, in one sentence each; nothing at the first sight of the page. */
  #news(checks: readonly CheckState[]): string {
    const news = checks.filter(({ id, verdict }) => this.#known.has(id) && this.#known.get(id) !== verdict && verdict !== "untried");
    for (const { id, verdict } of checks) this.#known.set(id, verdict);
    if (news.length) this.#said = news.map(({ title, verdict }) => `${title}: ${word(`verdict.${verdict}`)}.`).join(" ");
    return this.#said;
  }

  protected override render(): TemplateResult {
    const { checks, points, worth } = this.attempt!;
    const all = passed(checks) === checks.length;
    const summary = word("checks.summary", { passed: passed(checks), all: checks.length });
    return html`
      <p class="checks__summary">
        <span>${summary}</span>
        <span class="checks__points">${word("checks.points", { points, worth })}</span>
      </p>
      <p class="unseen" role="status">${this.#news(checks)}</p>
      <ol class="checks">
        ${repeat(checks, (check) => check.id, (check) => this.#check(check, all))}
      </ol>
    `;
  }

  #check(check: CheckState, all: boolean): TemplateResult {
    return html`
      <li class="check tone ${TONES[check.verdict]}" data-check=${check.id} data-verdict=${check.verdict}>
        <div class="check__head">
          <span class="check__mark">${iconOf(check.verdict)}</span>
          <span class="check__title">${check.title}</span>
          <span class="check__verdict">${word(`verdict.${check.verdict}`)}</span>
        </div>
        ${this.#body(check, all)}
      </li>
    `;
  }

  #body(check: CheckState, all: boolean): TemplateResult | typeof nothing {
    const parts = [
      check.messages.length ? html`${check.messages.map((said) => html`<p>${said}</p>`)}` : nothing,
      check.differences.length ? this.#differences(check) : nothing,
      check.explanations.length ? this.#explanations(check) : nothing,
      check.hint ? hint(check) : check.offers_hint ? this.#offer(check) : nothing,
      check.because ? because(check, all) : nothing,
    ].filter((part) => part !== nothing);
    return parts.length ? html`<div class="check__body">${parts}</div>` : nothing;
  }

  /** The roles are said because the stylesheet lays the rows out as grids, which would silence them. */
  #differences(check: CheckState): TemplateResult {
    return html`
      <table class="differences" role="table">
        <thead>
          <tr role="row">
            <th role="columnheader">${word("checks.where")}</th>
            <th role="columnheader">${word("checks.expected")}</th>
            <th role="columnheader">${word("checks.actual")}</th>
          </tr>
        </thead>
        <tbody>
          ${check.differences.map((difference) => {
            const { where, expected, actual } = sides(difference);
            return html`<tr role="row" title=${difference.object}>
              <th role="rowheader"><code>${where}</code></th>
              <td role="cell" class=${difference.expected === null ? "" : "differences__expected"}><code>${expected}</code></td>
              <td role="cell" class="differences__actual"><code>${actual}</code></td>
            </tr>`;
          })}
        </tbody>
      </table>
    `;
  }

  #explanations(check: CheckState): TemplateResult {
    return html`
      <p class="check__label">${word("checks.explains")}</p>
      <ul class="explanations">
        ${check.explanations.map(
          (told) => html`<li>
            <p class="explanations__head">
              <strong>${told.reason}</strong> <code>${told.object}</code>
              ${told.count > 1 ? html`<span>${word("checks.times", { count: told.count })}</span>` : nothing}
            </p>
            <p class="explanations__words">${told.message}</p>
          </li>`,
        )}
      </ul>
    `;
  }

  /** The hint itself comes with the server's answer: until then nobody but the server knows it. */
  #offer(check: CheckState): TemplateResult {
    const cost = this.attempt!.hints_cost;
    return html`<button class="button button--quiet hint__button" type="button" @click=${() => this.#want(check)}>
      ${iconOf("hint")}${cost ? word("checks.showHintCosts", { points: cost }) : word("checks.showHint")}
    </button>`;
  }

  #want(check: CheckState): void {
    this.dispatchEvent(new HintWantedEvent(check.id));
  }
}

function hint(check: CheckState): TemplateResult {
  return html`<div class="hint" role="note" aria-label=${word("checks.hint")}>
    ${iconOf("hint")}
    <p>${check.hint}</p>
  </div>`;
}

/** Open when the exercise is solved: that is the moment to read it. */
function because(check: CheckState, open: boolean): TemplateResult {
  return html`
    <details class="because" ?open=${open}>
      <summary>${word("checks.because")}</summary>
      <p>${check.because}</p>
    </details>
  `;
}
