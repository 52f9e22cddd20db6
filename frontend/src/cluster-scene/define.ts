import "../object-drawer/define";
import { ClusterSceneElement } from "./cluster-scene-element";

customElements.define("cluster-scene", ClusterSceneElement);
