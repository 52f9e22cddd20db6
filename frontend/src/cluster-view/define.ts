import { ClusterViewElement } from "./cluster-view-element";

customElements.define("cluster-view", ClusterViewElement);
