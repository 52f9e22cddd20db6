import { html, LitElement, nothing, type TemplateResult } from "lit";
import { type Step, steps, underWay } from "../attempt-state";
import { iconOf } from "../lit-icon";
import type { Attempt, Outcome, Problem, Submission } from "../wire";
import { type Word, word } from "../words";

/** A student wants to see the line that a problem is about. */
export class LineChosenEvent extends Event {
  constructor(
    readonly file: string, // "" where the answer is one file
    readonly line: number,
    readonly column: number,
  ) {
    super("line-chosen", { bubbles: true });
  }
}

/** What became of the YAML that was handed in: five steps, each object's outcome, the score. Fires `retry`. */
export class SubmissionTrailElement extends LitElement {
  static override properties = { attempt: { attribute: false } };
  declare attempt: Attempt | null;

  constructor() {
    super();
    this.attempt = null;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(): void {
    if (!this.hasUpdated) this.replaceChildren();
  }

  protected override render(): TemplateResult {
    const submission = this.attempt?.submission;
    if (!submission) return html`<p class="quiet">${word("trail.none")}</p>`;
    return html`
      <ol class="trail" aria-busy=${underWay(submission) ? "true" : "false"}>
        ${steps(submission).map((step) => stepOf(step))}
      </ol>
      <p class="unseen" role="status">${word(`phase.${submission.phase}`)}${this.#score(submission)}</p>
      ${submission.error ? this.#trouble(submission) : nothing}
      ${submission.problems.length ? this.#refused(submission.problems) : nothing}
      ${submission.outcomes.length
        ? html`<ul class="outcomes">
            ${submission.outcomes.map((outcome) => this.#outcome(outcome))}
          </ul>`
        : nothing}
    `;
  }

  #score(submission: Submission): string {
    const attempt = this.attempt!;
    return submission.phase === "decided"
      ? `: ${word("trail.score", { points: attempt.points, worth: attempt.worth })}`
      : "";
  }

  #trouble(submission: Submission): TemplateResult {
    return html`<div class="notice warm" role="alert">
      <p>${submission.error}</p>
      <button class="button button--quiet" type="button" @click=${this.#retry}>${word("trail.retry")}</button>
    </div>`;
  }

  #retry = (): void => {
    this.dispatchEvent(new Event("retry", { bubbles: true }));
  };

  #refused(problems: Problem[]): TemplateResult {
    return html`<div class="notice bad" role="alert">
      <p>${word("trail.problems")}</p>
      ${this.#problems(problems)}
    </div>`;
  }

  #outcome(outcome: Outcome): TemplateResult {
    const failed = outcome.action === "failed";
    const tone = failed ? "bad" : outcome.action === "unchanged" ? "idle" : "good";
    return html`<li class="outcome tone ${tone}" data-action=${outcome.action}>
      <span class="outcome__mark">${iconOf(failed ? "fail" : "pass")}</span>
      <span class="outcome__name">${outcome.kind || "?"} <code>${outcome.name}</code></span>
      <span class="outcome__action">${word(`action.${outcome.action}`)}</span>
      ${outcome.problems.length ? this.#problems(outcome.problems) : nothing}
    </li>`;
  }

  #problems(problems: Problem[]): TemplateResult {
    return html`<ul class="problems">
      ${problems.map(
        (problem) => html`<li>
          ${problem.line > 0 ? this.#line(problem) : nothing}
          <span>${problem.message}</span>
          ${problem.detail && problem.detail !== problem.message ? html`<code>${problem.detail}</code>` : nothing}
        </li>`,
      )}
    </ul>`;
  }

  #line({ file, line, column }: Problem): TemplateResult {
    const show = (): boolean => this.dispatchEvent(new LineChosenEvent(file, line, column));
    const words = word("trail.line", { line });
    return html`<button class="problems__line" type="button" @click=${show}>${file ? `${file}: ${words}` : words}</button>`;
  }
}

const ENDS: Partial<Record<Step["state"], Word>> = { failed: "phase.error", refused: "action.failed" };

function stepOf(step: Step): TemplateResult {
  const words = word(ENDS[step.state] ?? `phase.${step.phase}`);
  return html`<li class="trail__step" data-state=${step.state} aria-current=${step.state === "now" ? "step" : nothing}>
    <span class="trail__dot"></span><span>${words}</span>
  </li>`;
}
