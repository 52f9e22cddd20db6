import { CheckPanelElement } from "./check-panel-element";

customElements.define("check-panel", CheckPanelElement);
