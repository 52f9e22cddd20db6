import "../check-panel/define";
import "../file-tabs/define";
import "../pane-splitter/define";
import "../submission-trail/define";
import "../yaml-editor/define";
import { LabWorkbenchElement } from "./lab-workbench-element";

customElements.define("lab-workbench", LabWorkbenchElement); // last: it finds its parts ready
