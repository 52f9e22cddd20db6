import "./lab-terminal.css";
import { LabTerminalElement } from "./lab-terminal-element";

customElements.define("lab-terminal", LabTerminalElement);
