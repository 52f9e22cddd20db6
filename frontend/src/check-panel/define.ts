import "./check-panel.css";
import { CheckPanelElement } from "./check-panel-element";

customElements.define("check-panel", CheckPanelElement);
