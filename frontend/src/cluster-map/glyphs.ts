import type { ItemState } from "../wire";

// Drawn by us on a 16 × 16 grid, as icons.ts: strokes only, in the colour of their text.
const KINDS: Record<string, string> = {
  Node: "M2.5 4h11v8h-11z M5 14h6 M8 12v2",
  Deployment: "M8 2.2l5.4 3-5.4 3-5.4-3z M2.6 8.2l5.4 3 5.4-3 M2.6 11.1l5.4 3 5.4-3",
  ReplicaSet: "M2.5 5.5h7v7h-7z M5.5 5.5v-2h8v8h-2",
  ReplicationController: "M2.5 5.5h7v7h-7z M5.5 5.5v-2h8v8h-2",
  StatefulSet: "M3 2.8h10v3H3z M3 6.5h10v3H3z M3 10.2h10v3H3z",
  DaemonSet: "M3 3h3.6v3.6H3z M9.4 3H13v3.6H9.4z M3 9.4h3.6V13H3z M9.4 9.4H13V13H9.4z",
  Job: "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2z M5.4 8.2l1.8 1.8 3.4-3.8",
  CronJob: "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2z M8 4.6V8l2.6 1.6",
  Pod: "M8 1.8l5.4 3.1v6.2L8 14.2l-5.4-3.1V4.9z",
  Service: "M8 1.8v4.4 M3 14.2V10h10v4.2 M8 6.2V10 M5.8 4a2.2 2.2 0 1 0 4.4 0 2.2 2.2 0 0 0-4.4 0z",
  Ingress: "M2 8h9 M7.6 4.4L11.2 8l-3.6 3.6 M13.6 2.5v11",
  ConfigMap: "M3.5 2h6L12.5 5v9h-9z M6 7h4 M6 9.5h4 M6 12h2.5",
  Secret: "M5.2 10.8a3 3 0 1 1 2.6-4.5H14v2.6h-1.6v1.8h-2.2V8.9H7.8a3 3 0 0 1-2.6 1.9z",
  PersistentVolumeClaim: "M3 4.2c0-1.3 10-1.3 10 0v7.6c0 1.3-10 1.3-10 0z M3 4.2c0 1.3 10 1.3 10 0 M8 8v3 M6.5 9.5h3",
  PersistentVolume: "M3 4.2c0-1.3 10-1.3 10 0v7.6c0 1.3-10 1.3-10 0z M3 4.2c0 1.3 10 1.3 10 0",
  StorageClass: "M2.5 3h11v3.4h-11z M2.5 9.6h11V13h-11z M5 4.7v0 M5 11.3v0 M8 6.4v3.2",
  HorizontalPodAutoscaler: "M2 8h12 M4.6 5.4L2 8l2.6 2.6 M11.4 5.4L14 8l-2.6 2.6",
};

const STATES: Record<ItemState, string> = {
  ok: "M4.4 8h7.2",
  pending: "M8 4.6V8l2.2 1.5 M8 2.6a5.4 5.4 0 1 1 0 10.8A5.4 5.4 0 0 1 8 2.6z",
  starting: "M3.6 8v0 M8 8v0 M12.4 8v0",
  running: "M8 3.2a4.8 4.8 0 0 1 0 9.6",
  ready: "M3.6 8.4l2.9 2.9 5.9-6.4",
  succeeded: "M4.5 14V2.6h7.5l-2 2.7 2 2.7H4.5",
  failing: "M8 3.4v5.4 M8 12.2v.1",
  terminating: "M4.6 4.6l6.8 6.8 M11.4 4.6l-6.8 6.8",
  unknown: "M5.6 6a2.4 2.4 0 1 1 3.4 2.2c-.7.3-1 .8-1 1.5 M8 12.4v.1",
};

const PLAIN = "M3 3h10v10H3z";

export function kindGlyph(kind: string): string {
  return KINDS[kind] ?? PLAIN;
}

export function stateGlyph(state: ItemState): string {
  return STATES[state];
}
