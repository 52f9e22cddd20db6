import type { Difference } from "../wire";
import { word } from "../words";

const WORDS_OF_YAML = /^(?:true|false|null|yes|no|on|off|~)$/i;

/** A value as one would write it in YAML. "3" keeps its quotes: that it is not the number 3 may be the whole point. */
export function written(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value) ?? "";
  const bare = /^[\w./@](?:[\w./@-]|:(?=\w))*(?: [\w./@-]+)*$/.test(value) && Number.isNaN(Number(value));
  return bare && !WORDS_OF_YAML.test(value) ? value : JSON.stringify(value);
}

/** What a difference says. `expected` null: showing it would give the solution away; `actual` null: it is not there. */
export function sides(difference: Difference): { where: string; expected: string; actual: string } {
  return {
    where: difference.path || difference.object,
    expected: difference.expected === null ? word("checks.hidden") : written(difference.expected),
    actual: difference.actual === null ? word("checks.absent") : written(difference.actual),
  };
}
