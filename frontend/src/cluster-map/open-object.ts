import type { Item } from "../wire";

/** Bubbles when an object is to be opened. */
export class OpenObjectEvent extends CustomEvent<Item> {
  constructor(item: Item) {
    super("open-object", { bubbles: true, detail: item });
  }
}
