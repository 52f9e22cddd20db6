import "../check-panel/define";
import "../cluster-view/define";
import "../submission-trail/define";
import "../yaml-editor/define";
import { LabWorkbenchElement } from "./lab-workbench-element";

customElements.define("lab-workbench", LabWorkbenchElement); // last: it finds its parts ready
