import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { count } from "../cluster-map/facts";
import { toneOf } from "../cluster-map/families";
import { isMarked } from "../cluster-map/marks";
import { OpenObjectEvent } from "../cluster-map/open-object";
import { stateOf } from "../cluster-map/saying";
import { type Scenery, sceneryOf } from "../cluster-map/scenery";
import type { Item } from "../wire";
import { word } from "../words";
import { relationsOf } from "./relations";

const UNSEEN = new Set(["EndpointSlice", "Endpoints", "ControllerRevision"]); // told by what they belong to
const ORDER = [
  "Ingress", "Service", "HorizontalPodAutoscaler", "Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job", "ReplicaSet",
  "Pod", "ConfigMap", "Secret", "PersistentVolumeClaim", "PersistentVolume", "StorageClass", "Node",
];

/** The same as the map, as a table: for whoever hears it, and for whoever likes tables. */
export class ClusterTableElement extends LitElement {
  static override properties = { items: { attribute: false }, marked: { attribute: false } };
  declare items: Item[];
  declare marked: string[];

  constructor() {
    super();
    this.items = [];
    this.marked = [];
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const shown = this.items.filter((item) => !UNSEEN.has(item.kind)).sort(inOrder);
    if (!shown.length) return html`<p class="empty">${word("cluster.empty")}</p>`;
    const scenery = sceneryOf(this.items);
    const byUid = new Map(this.items.map((item) => [item.uid, item]));
    return html`<div class="table-frame">
      <table class="table">
        <caption class="unseen">${word("map.table")}</caption>
        <thead>
          <tr>
            <th scope="col">${word("table.object")}</th>
            <th scope="col">${word("table.state")}</th>
            <th scope="col">${word("table.relations")}</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(shown, (item) => item.uid, (item) => this.#row(item, byUid, scenery))}
        </tbody>
      </table>
    </div>`;
  }

  #row(item: Item, items: ReadonlyMap<string, Item>, scenery: Scenery): TemplateResult {
    const open = (event: Event): void => void (event.currentTarget as Element).dispatchEvent(new OpenObjectEvent(item));
    const wanted = item.detail["wanted"];
    return html`<tr data-kind=${item.kind} data-name=${item.name} data-state=${item.state}>
      <th scope="row">
        <button class="opener" type="button" data-open=${item.uid} @click=${open}><span class="kind">${item.kind}</span> <strong>${item.name}</strong></button>
        ${isMarked(item, this.marked) ? html`<span class="marked">${word("map.marked")}</span>` : nothing}
      </th>
      <td>
        <span class="badge ${toneOf(item.state)}">${item.reason || stateOf(item)}</span>
        ${wanted === undefined ? nothing : html`<span class="quiet">${word("cluster.ready", { ready: count(item, "ready"), wanted: count(item, "wanted") })}</span>`}
      </td>
      <td>${relationsOf(item, items, scenery).map((line) => html`<div>${line}</div>`)}</td>
    </tr>`;
  }
}

function inOrder(a: Item, b: Item): number {
  return place(a) - place(b) || a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name);
}

function place({ kind }: Item): number {
  const at = ORDER.indexOf(kind);
  return at < 0 ? ORDER.length : at;
}
