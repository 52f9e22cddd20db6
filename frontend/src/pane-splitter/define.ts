import { PaneSplitterElement } from "./pane-splitter-element";

customElements.define("pane-splitter", PaneSplitterElement);
