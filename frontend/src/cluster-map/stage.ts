import type { Item } from "../wire";
import { classesOf, draw, element } from "./drawing";
import type { Box, Line, Picture } from "./picture";

interface Shown {
  group: SVGGElement;
  seen: string; // what its drawing was made from
  place: string;
  node: string; // of a pod: where it runs
}

export interface Surroundings {
  label(box: Box): string;
  marked(item: Item): boolean;
}

/** Layers from back to front. */
const LAYERS = ["grounds", "cards", "lines", "things"] as const;
const BEHIND = new Set(["lane", "node"]);
const UNDER = new Set(["card"]);
const LEAVING = 260; // milliseconds, as in the stylesheet
const CROWD = 60; // boxes from which those that only close up a gap do not glide: a browser has 16 ms for a frame

/**
 * Keeps an SVG group for each box and each line, by id: what stays, glides to its new place by a CSS transition; what
 * comes, appears; what goes, fades. Nothing is drawn twice that looks the same.
 */
export class Stage {
  readonly root: SVGGElement;
  #layers: Record<(typeof LAYERS)[number], SVGGElement>;
  #boxes = new Map<string, Shown>();
  #lines = new Map<string, { path: SVGPathElement; seen: string }>();
  #around: Surroundings;
  #still = window.matchMedia("(prefers-reduced-motion: reduce)");

  constructor(svg: SVGSVGElement, around: Surroundings) {
    this.#around = around;
    this.root = element("g", { class: "world" }, svg);
    const layer = (name: string): SVGGElement => element("g", { class: `layer layer--${name}` }, this.root);
    this.#layers = { grounds: layer("grounds"), cards: layer("cards"), lines: layer("lines"), things: layer("things") };
  }

  draw(picture: Picture): void {
    this.root.classList.toggle("is-crowded", picture.boxes.length > CROWD);
    const boxes = new Set<string>();
    for (const box of picture.boxes) {
      boxes.add(box.id);
      this.#box(box);
    }
    const lines = new Set<string>();
    for (const line of picture.lines) {
      lines.add(line.id);
      this.#line(line);
    }
    for (const [id, { group }] of this.#boxes) if (!boxes.has(id)) this.#leave(this.#boxes, id, group);
    for (const [id, { path }] of this.#lines) if (!lines.has(id)) this.#leave(this.#lines, id, path);
  }

  group(id: string): SVGGElement | undefined {
    return this.#boxes.get(id)?.group;
  }

  /** Brings out an object's lines, and what is at their other ends. */
  bringOut(id: string | null): void {
    this.root.classList.toggle("has-focus", id !== null && this.#touching(id).length > 0);
    for (const { path } of this.#lines.values()) path.classList.toggle("is-out", id !== null && ends(path).includes(id));
  }

  #touching(id: string): SVGPathElement[] {
    return [...this.#lines.values()].map(({ path }) => path).filter((path) => ends(path).includes(id));
  }

  #box(box: Box): void {
    const shown = this.#boxes.get(box.id) ?? this.#enter(box);
    const marked = box.item !== null && this.#around.marked(box.item);
    const place = `translate(${box.x.toFixed(1)}px, ${box.y.toFixed(1)}px)`;
    const node = String(box.item?.detail["node"] ?? "");
    if (shown.place !== place) {
      if (node !== shown.node) shown.group.dataset["moves"] = "";
      else delete shown.group.dataset["moves"];
      shown.node = node;
      shown.place = place;
      shown.group.style.transform = place;
    }
    const { item } = box;
    const state = item ? [item.state, item.reason, item.detail["restarts"]] : [];
    const seen = JSON.stringify([box.w, box.h, box.title, box.note, box.off, marked, ...state]);
    if (shown.seen === seen) return;
    shown.seen = seen;
    this.#redraw(shown.group, box, marked);
  }

  #redraw(group: SVGGElement, box: Box, marked: boolean): void {
    const classes = `${classesOf(box, marked)}${group.hasChildNodes() ? "" : " is-new"}`;
    if (group.getAttribute("class") !== classes) group.setAttribute("class", classes);
    draw(group, box);
    const { item } = box;
    if (!item) return;
    group.dataset["kind"] = item.kind;
    group.dataset["name"] = item.name;
    group.dataset["state"] = item.state;
    if (item.reason) group.dataset["reason"] = item.reason;
    else delete group.dataset["reason"];
    group.setAttribute("aria-label", named(this.#around.label(box), written(group)));
    element("title", {}, group).textContent = [item.name, item.reason].filter(Boolean).join(" · ");
  }

  #enter(box: Box): Shown {
    const layer = BEHIND.has(box.shape) ? "grounds" : UNDER.has(box.shape) ? "cards" : "things";
    const group = element("g", { "data-id": box.id }, this.#layers[layer]);
    if (box.item) {
      group.setAttribute("role", "button");
      group.setAttribute("tabindex", "-1");
    } else group.setAttribute("aria-hidden", "true");
    const shown = { group, seen: "", place: "", node: "" };
    this.#boxes.set(box.id, shown);
    return shown;
  }

  #line(line: Line): void {
    const shown = this.#lines.get(line.id) ?? this.#drawLine(line);
    const seen = `${line.bond} ${line.d}`;
    if (shown.seen === seen) return;
    shown.seen = seen;
    shown.path.setAttribute("class", `line line--${line.bond}`);
    shown.path.setAttribute("d", line.d);
    shown.path.style.setProperty("d", `path("${line.d}")`); // glides with its boxes where the browser can
  }

  #drawLine(line: Line): { path: SVGPathElement; seen: string } {
    const path = element("path", { "data-ends": line.ends.join(" ") }, this.#layers.lines);
    const shown = { path, seen: "" };
    this.#lines.set(line.id, shown);
    return shown;
  }

  #leave(among: Map<string, unknown>, id: string, what: SVGElement): void {
    among.delete(id);
    what.setAttribute("aria-hidden", "true");
    what.removeAttribute("tabindex");
    what.removeAttribute("role");
    what.classList.add("is-leaving");
    if (this.#still.matches) what.remove();
    else window.setTimeout(() => what.remove(), LEAVING);
  }
}

/** What is written on a box, word by word: whoever speaks to the page says what they see. */
function written(group: SVGGElement): string {
  const texts = [...group.querySelectorAll("text")];
  for (const text of texts.slice(1)) text.before(" ");
  return texts.map((text) => text.textContent).join(" ");
}

/** The name holds what can be read, at its end where it does not anyway. */
function named(label: string, seen: string): string {
  return label.includes(seen) ? label : `${label}, ${seen}`;
}

function ends(path: SVGPathElement): string[] {
  return (path.dataset["ends"] ?? "").split(" ");
}
