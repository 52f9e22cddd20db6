import { YamlEditorElement } from "./yaml-editor-element";

customElements.define("yaml-editor", YamlEditorElement);
