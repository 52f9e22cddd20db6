import type { Problem } from "../wire";

/** Messages by line, in order; a line that the text no longer has becomes its last. Line 0 belongs to no line. */
export function byLine(problems: readonly Problem[], lines: number): [line: number, messages: string[]][] {
  const found = new Map<number, string[]>();
  for (const problem of problems) {
    if (problem.line < 1) continue;
    const line = Math.min(problem.line, lines);
    const messages = found.get(line) ?? [];
    if (!messages.includes(problem.message)) messages.push(problem.message);
    found.set(line, messages);
  }
  return [...found].sort(([a], [b]) => a - b);
}
