import { type Box, type Line, type Picture, type Shape } from "./picture";

/** What a layout writes on: boxes by id, lines between them, and how far down it has come. */
export class Sheet {
  readonly boxes: Box[] = [];
  readonly lines: Line[] = [];
  #at = new Map<string, Box>();
  /** Where the cards begin and end. */
  readonly left: number;
  readonly right: number;
  y: number;

  constructor(left: number, right: number, y: number) {
    this.left = left;
    this.right = right;
    this.y = y;
  }

  get wide(): number {
    return this.right - this.left;
  }

  put(shape: Shape, id: string, x: number, y: number, w: number, h: number, more: Partial<Box> = {}): Box {
    const box: Box = { id, shape, x, y, w, h, item: null, title: "", note: "", off: false, ...more };
    this.boxes.push(box);
    this.#at.set(id, box);
    return box;
  }

  has(id: string): boolean {
    return this.#at.has(id);
  }

  at(id: string): Box | undefined {
    return this.#at.get(id);
  }

  line(bond: Line["bond"], from: Box, to: Box, d: string): void {
    this.lines.push({ id: `${from.id}>${to.id}`, bond, d, ends: [from.id, to.id] });
  }

  picture(width: number, height: number): Picture {
    return { width, height, boxes: this.boxes, lines: this.lines };
  }
}
