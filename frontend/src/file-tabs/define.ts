import { FileTabsElement } from "./file-tabs-element";

customElements.define("file-tabs", FileTabsElement);
