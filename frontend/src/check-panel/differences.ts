import type { Difference } from "../wire";
import { word } from "../words";

/** A value as one would write it in YAML: strings bare where that is unmistakable. */
export function written(value: unknown): string {
  if (typeof value === "string") return /^[\w./:@-][\w ./:@-]*$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value) ?? "";
}

/** What a difference says. `expected` null: showing it would give the solution away; `actual` null: it is not there. */
export function sides(difference: Difference): { where: string; expected: string; actual: string } {
  return {
    where: difference.path || difference.object,
    expected: difference.expected === null ? word("checks.hidden") : written(difference.expected),
    actual: difference.actual === null ? word("checks.absent") : written(difference.actual),
  };
}
