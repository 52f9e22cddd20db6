import { ObjectDrawerElement } from "./object-drawer-element";

customElements.define("object-drawer", ObjectDrawerElement);
