import "../cluster-table/define";
import "../object-drawer/define";
import { ClusterMapElement } from "./cluster-map-element";

customElements.define("cluster-map", ClusterMapElement); // last: it finds its parts ready
