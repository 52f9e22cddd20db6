import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/components.css";
import "./styles/prose.css";
import "./styles/course.css";
import "./theme-switch/define";

void import("./fonts");
if (document.querySelector("lab-workbench")) void import("./lab-workbench/define");
