import { ClusterTableElement } from "./cluster-table-element";

customElements.define("cluster-table", ClusterTableElement);
