import { afterKey, keep, LEAST, MOST, within } from "./shares";

/**
 * The divider beside `#pane-<pane>`: drag it, or focus it and use the arrow keys; a double click brings the usual size
 * back. The size is a custom property of the page, `--pane-<pane>`, in per cent of the container.
 */
export class PaneSplitterElement extends HTMLElement {
  #share = 0;

  connectedCallback(): void {
    this.tabIndex = 0;
    this.setAttribute("role", "separator");
    this.setAttribute("aria-label", this.getAttribute("label") ?? "");
    this.setAttribute("aria-controls", this.#target.id);
    this.setAttribute("aria-valuemin", String(LEAST));
    this.setAttribute("aria-valuemax", String(MOST));
    this.#lookLater();
    this.addEventListener("pointerdown", this.#grab);
    this.addEventListener("keydown", this.#key);
    this.addEventListener("dblclick", this.#usual);
    this.addEventListener("focus", () => this.#look());
  }

  get #pane(): string {
    return this.getAttribute("pane") ?? "";
  }

  get #target(): HTMLElement {
    return document.getElementById(`pane-${this.#pane}`)!;
  }

  /** Whether the container is a row: the divider then stands upright. */
  get #upright(): boolean {
    return getComputedStyle(this).cursor === "col-resize";
  }

  /** Whether the pane lies before the divider. */
  get #before(): boolean {
    return Boolean(this.compareDocumentPosition(this.#target) & Node.DOCUMENT_POSITION_PRECEDING);
  }

  /** Measuring forces a layout: when the browser has time. */
  #lookLater(): void {
    requestAnimationFrame(() => this.#look());
  }

  #look(): void {
    const whole = this.parentElement!.getBoundingClientRect();
    const part = this.#target.getBoundingClientRect();
    this.setAttribute("aria-orientation", this.#upright ? "vertical" : "horizontal");
    const share = this.#upright ? part.width / whole.width : part.height / whole.height;
    this.#tell(Number.isFinite(share) ? within(share * 100) : LEAST);
  }

  #tell(share: number): void {
    this.#share = share;
    this.setAttribute("aria-valuenow", String(Math.round(share)));
  }

  #set(share: number): void {
    document.documentElement.style.setProperty(`--pane-${this.#pane}`, `${share}%`);
    this.#tell(share);
  }

  #grab = (down: PointerEvent): void => {
    if (down.button !== 0) return;
    down.preventDefault(); // no selection of text on the way
    this.focus();
    this.setPointerCapture(down.pointerId);
    const move = (event: PointerEvent): void => this.#set(this.#shareAt(event));
    const drop = (): void => {
      this.removeEventListener("pointermove", move);
      keep(this.#pane, this.#share);
    };
    this.addEventListener("pointermove", move);
    this.addEventListener("lostpointercapture", drop, { once: true });
  };

  #shareAt({ clientX, clientY }: PointerEvent): number {
    const { left, top, width, height } = this.parentElement!.getBoundingClientRect();
    const at = this.#upright ? (clientX - left) / width : (clientY - top) / height;
    return within((this.#before ? at : 1 - at) * 100);
  }

  #key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") return this.#usual();
    const share = afterKey(event.key, this.#share, event.shiftKey, this.#before);
    if (share === null) return;
    event.preventDefault();
    this.#set(share);
    keep(this.#pane, share);
  };

  #usual = (): void => {
    document.documentElement.style.removeProperty(`--pane-${this.#pane}`);
    keep(this.#pane, null);
    this.#look();
  };
}
