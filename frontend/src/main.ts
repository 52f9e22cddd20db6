import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/components.css";
import "./styles/prose.css";
import "./styles/course.css";
import "./styles/diagram.css";
// The elements' looks come with the page, not with their code: nothing moves when an element wakes up.
import "./check-panel/check-panel.css";
import "./cluster-map/cluster-map.css";
import "./cluster-table/cluster-table.css";
import "./file-tabs/file-tabs.css";
import "./lab-workbench/lab-workbench.css";
import "./lab-workbench/shortcuts.css";
import "./object-drawer/object-drawer.css";
import "./pane-splitter/pane-splitter.css";
import "./quiz-card/quiz-card.css";
import "./submission-trail/submission-trail.css";
import "./yaml-editor/yaml-editor.css";
import { closeMenus } from "./menus";
import { reachScrollers } from "./scrollers";
import "./theme-switch/define";

closeMenus();
reachScrollers();
void import("./fonts");
if (document.querySelector("lab-workbench")) void import("./lab-workbench/define");
if (document.querySelector("quiz-card")) void import("./quiz-card/define");
