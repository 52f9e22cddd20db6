/** How Kubernetes reads a plain scalar (k8slab/kube/scalars.py says the same to the server). */
export type ScalarType = "null" | "boolean" | "integer" | "number" | "string";

const NULLS = new Set(["", "~", "null", "Null", "NULL"]);
const BOOLEANS = /^(?:y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const INTEGER = /^[-+]?(?:0|[1-9][0-9_]*|0[0-7_]+|0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const QUANTITY = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+|[numkMGTPE]|[KMGTPE]i)?$/;

export function plainType(text: string): ScalarType {
  if (NULLS.has(text)) return "null";
  if (BOOLEANS.test(text)) return "boolean";
  if (INTEGER.test(text)) return "integer";
  return FLOAT.test(text) ? "number" : "string";
}

export function isQuantity(text: string): boolean {
  return QUANTITY.test(text);
}
