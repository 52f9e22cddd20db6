import type { Item } from "../wire";
import { layout, type Say } from "./layout";
import type { Box, Picture } from "./picture";
import { labelOf, sayings } from "./saying";
import { sceneryOf } from "./scenery";
import { Stage } from "./stage";
import { Viewport } from "./viewport";
import { type Arrow, first, nearest, next } from "./walk";

const ARROWS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]);

export interface Wishes {
  marked(item: Item): boolean;
  open(item: Item): void;
  /** It was moved by hand, or is at rest again. */
  moved(): void;
}

/** Items drawn into one SVG, with all that keys, pointers and fingers do there. */
export class Canvas {
  #svg: SVGSVGElement;
  #wishes: Wishes;
  #stage: Stage;
  #viewport: Viewport;
  #sizes: ResizeObserver;
  #say: Say = sayings();
  #items: readonly Item[] | null = null;
  #listening = new AbortController();
  #picture: Picture = { width: 0, height: 0, boxes: [], lines: [] };
  #width = 0; // of the map; stays while somebody has moved it
  #current: Box | null = null; // the one that Tab reaches

  /** Args: `movable`: pans and zooms; otherwise fingers and wheels belong to the page. */
  constructor(svg: SVGSVGElement, wishes: Wishes, movable = true) {
    this.#svg = svg;
    this.#wishes = wishes;
    svg.replaceChildren();
    this.#stage = new Stage(svg, { label: (box) => labelOf(box.item!, wishes.marked(box.item!)), marked: wishes.marked });
    const moved = (): void => {
      this.#draw();
      wishes.moved();
    };
    this.#viewport = new Viewport(svg, this.#stage.root, moved, movable);
    this.#sizes = new ResizeObserver(() => this.#draw());
    this.#sizes.observe(svg);
    this.#listen();
  }

  draw(items: readonly Item[]): void {
    this.#items = items;
    this.#draw();
  }

  stop(): void {
    this.#listening.abort();
    this.#sizes.disconnect();
    this.#viewport.stop();
  }

  get svg(): SVGSVGElement {
    return this.#svg;
  }

  /** Whether somebody has moved it. */
  get free(): boolean {
    return this.#viewport.free;
  }

  fit(): void {
    this.#viewport.fit();
    this.#draw();
  }

  zoomBy(factor: number): void {
    this.#viewport.zoomBy(factor);
  }

  /** Gives an object the focus, if it is there. */
  focus(id: string): boolean {
    const group = this.#stage.group(id);
    group?.focus({ preventScroll: true });
    return group !== undefined;
  }

  #draw(): void {
    const view = { width: this.#svg.clientWidth, height: this.#svg.clientHeight };
    if (!this.#items || !view.width) return;
    const scenery = sceneryOf(this.#items);
    const drawn = new Map<number, Picture>();
    const at = (width: number): Picture => {
      const picture = drawn.get(width) ?? layout(scenery, width, this.#say);
      drawn.set(width, picture);
      return picture;
    };
    if (!this.#viewport.free) this.#width = view.width / this.#viewport.choose(view.width, view.height, (width) => at(width).height);
    this.#picture = at(this.#width);
    const lost = this.#current && document.activeElement === this.#stage.group(this.#current.id) ? this.#current : null;
    this.#stage.draw(this.#picture);
    this.#viewport.show(this.#picture, view);
    this.#keepPlace(lost);
  }

  /** One object at a time is reached by Tab; where it has gone, the nearest one is, and has the focus if it had it. */
  #keepPlace(lost: Box | null): void {
    const { boxes } = this.#picture;
    const same = boxes.find((box) => box.id === this.#current?.id && box.item);
    const box = same ?? (this.#current ? nearest(boxes, this.#current) : first(boxes));
    this.#setCurrent(box);
    if (lost && !same && box) this.focus(box.id);
  }

  #setCurrent(box: Box | null): void {
    if (this.#current && this.#current.id !== box?.id) this.#stage.group(this.#current.id)?.setAttribute("tabindex", "-1");
    this.#current = box;
    if (box) this.#stage.group(box.id)?.setAttribute("tabindex", "0");
  }

  #listen(): void {
    const on = <K extends keyof SVGElementEventMap>(type: K, does: (event: SVGElementEventMap[K]) => void): void =>
      this.#svg.addEventListener(type, does, { signal: this.#listening.signal });
    on("click", ({ target }) => this.#open(this.#boxOf(target)));
    on("keydown", (event) => this.#pressed(event));
    on("focusin", ({ target }) => {
      const box = this.#boxOf(target);
      this.#setCurrent(box ?? this.#current);
      this.#stage.bringOut(box?.id ?? null);
    });
    on("pointerover", ({ target }) => this.#stage.bringOut(this.#boxOf(target)?.id ?? null));
    on("pointerleave", () => this.#stage.bringOut(null));
  }

  #boxOf(target: EventTarget | null): Box | null {
    const id = (target as Element | null)?.closest<SVGGElement>("[data-id]")?.dataset["id"];
    return this.#picture.boxes.find((box) => box.id === id && box.item) ?? null;
  }

  #open(box: Box | null): void {
    if (box?.item) this.#wishes.open(box.item);
  }

  #pressed(event: KeyboardEvent): void {
    const box = this.#boxOf(event.target);
    if (!box) return;
    if (event.key === "Enter" || event.key === " ") this.#open(box);
    else if (ARROWS.has(event.key)) this.#go(next(this.#picture.boxes, box, event.key as Arrow));
    else return;
    event.preventDefault();
  }

  #go(box: Box | null): void {
    if (!box) return;
    this.focus(box.id);
    this.#viewport.reveal(box, { width: this.#svg.clientWidth, height: this.#svg.clientHeight });
  }
}
