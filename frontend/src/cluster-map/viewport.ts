import { select, type Selection } from "d3-selection";
import { zoom, type D3ZoomEvent, zoomIdentity, type ZoomBehavior, type ZoomTransform } from "d3-zoom";

const CLOSEST = 2.5;
const FARTHEST = 0.25;
const SMALLEST = 0.8; // as far as the map steps back by itself; more would be hard to read
const STEPS = [1.3, 1.15, 1, 0.9, SMALLEST];
const LARGE = 900; // pixels of width from which things may be larger than life
const REST = 4_000; // milliseconds without stepping back before it comes closer again: no to and fro in a rollout

/**
 * Where the map is looked at from. By itself it shows everything; whoever pans or zooms has it to themselves until
 * `fit` is asked for.
 */
export class Viewport {
  #svg: Selection<SVGSVGElement, unknown, null, undefined>;
  #world: SVGGElement;
  #zoom: ZoomBehavior<SVGSVGElement, unknown>;
  #scale = 1;
  #steppedBack = -Infinity;
  #closer = 0;
  #view = "";
  #free = false;
  #size = { width: 0, height: 0 };

  #changed: () => void;

  constructor(svg: SVGSVGElement, world: SVGGElement, changed: () => void, movable: boolean) {
    this.#changed = changed;
    this.#svg = select(svg);
    this.#world = world;
    this.#zoom = zoom<SVGSVGElement, unknown>()
      .scaleExtent([FARTHEST, CLOSEST])
      .filter((event: Event) => movable && this.#wants(event))
      .on("zoom", (event: D3ZoomEvent<SVGSVGElement, unknown>) => {
        if (event.sourceEvent && !this.#free) {
          this.#free = true;
          this.#changed();
        }
        this.#apply(event.transform);
      });
    this.#svg.call(this.#zoom).on("dblclick.zoom", null);
    if (!movable) this.#svg.on(".zoom", null); // its transform stays of use
    if (movable) this.#svg.on("wheel.pan", (event: WheelEvent) => this.#pan(event), { passive: false });
  }

  /** Whether somebody has moved it. */
  get free(): boolean {
    return this.#free;
  }

  /** The scale at which the whole map is seen, given how high it would be at each width. */
  choose(width: number, height: number, heightAt: (width: number) => number): number {
    if (this.#free) return this.#scale;
    const steps = STEPS.filter((scale) => scale <= 1 || width >= LARGE);
    const best = steps.find((scale) => heightAt(width / scale) * scale <= height) ?? SMALLEST;
    const now = performance.now();
    window.clearTimeout(this.#closer);
    const view = `${width} ${height}`;
    if (view !== this.#view) this.#steppedBack = -Infinity; // another window, another look
    this.#view = view;
    if (best > this.#scale && now - this.#steppedBack < REST) {
      this.#closer = window.setTimeout(this.#changed, REST - (now - this.#steppedBack) + 20);
      return this.#scale;
    }
    if (best < this.#scale) this.#steppedBack = now;
    this.#scale = best;
    return best;
  }

  /** Shows a map of this size in a view of that size. */
  show(map: { width: number; height: number }, view: { width: number; height: number }): void {
    this.#size = map;
    this.#zoom.extent([[0, 0], [view.width, view.height]]);
    const wide = Math.max(map.width, view.width);
    const high = Math.max(map.height, view.height);
    this.#zoom.translateExtent([[-wide / 2, -high / 2], [wide * 1.5, high * 1.5]]);
    if (this.#free) return;
    const scale = Math.min(this.#scale, Math.max(FARTHEST, view.width / map.width));
    this.#go(zoomIdentity.translate((view.width - map.width * scale) / 2, 0).scale(scale));
  }

  fit(): void {
    this.#free = false;
    this.#steppedBack = -Infinity;
  }

  stop(): void {
    window.clearTimeout(this.#closer);
    this.#svg.on(".zoom", null).on("wheel.pan", null);
  }

  zoomBy(factor: number): void {
    this.#free = true;
    this.#zoom.scaleBy(this.#svg, factor);
    this.#changed();
  }

  /** Moves as little as needed for a box to be seen. */
  reveal(box: { x: number; y: number; w: number; h: number }, view: { width: number; height: number }): void {
    const now = this.#now();
    const [x, y] = now.apply([box.x, box.y]);
    const [x2, y2] = now.apply([box.x + box.w, box.y + box.h]);
    const dx = x < 8 ? 8 - x : x2 > view.width - 8 ? view.width - 8 - x2 : 0;
    const dy = y < 8 ? 8 - y : y2 > view.height - 8 ? view.height - 8 - y2 : 0;
    if (dx || dy) this.#zoom.translateBy(this.#svg, dx / now.k, dy / now.k);
  }

  #wants(event: Event): boolean {
    if (event instanceof WheelEvent) return event.ctrlKey || event.metaKey; // also what a pinch on a touchpad sends
    return !(event instanceof MouseEvent && event.button !== 0);
  }

  /** A wheel moves the map, as it moves any page, and leaves the page alone as long as the map can move. */
  #pan(event: WheelEvent): void {
    if (event.ctrlKey || event.metaKey) return;
    const now = this.#now();
    const before = `${now.x} ${now.y}`;
    const view = this.#svg.node()!.getBoundingClientRect();
    const x = this.#bounded(now.x - event.deltaX, this.#size.width * now.k, view.width);
    const y = this.#bounded(now.y - event.deltaY, this.#size.height * now.k, view.height);
    if (`${x} ${y}` === before) return;
    event.preventDefault();
    if (!this.#free) {
      this.#free = true;
      this.#changed();
    }
    this.#go(zoomIdentity.translate(x, y).scale(now.k));
  }

  #bounded(wish: number, size: number, view: number): number {
    return size <= view ? (view - size > 0 ? Math.min(Math.max(0, wish), view - size) : 0) : Math.min(0, Math.max(view - size, wish));
  }

  #now(): ZoomTransform {
    return (this.#svg.node() as SVGSVGElement & { __zoom?: ZoomTransform }).__zoom ?? zoomIdentity;
  }

  #go(transform: ZoomTransform): void {
    this.#svg.call(this.#zoom.transform, transform);
  }

  #apply({ x, y, k }: ZoomTransform): void {
    this.#scale = this.#free ? k : this.#scale;
    this.#world.classList.toggle("is-free", this.#free);
    this.#world.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) scale(${k.toFixed(3)})`;
  }
}
