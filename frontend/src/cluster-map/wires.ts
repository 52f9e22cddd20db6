interface Point {
  x: number;
  y: number;
}

const ROUND = 7;
const PLATE = 5; // half of each plate of an open circuit

/** Straight runs with rounded corners through all points: wires, not strings, so that many of them stay readable. */
export function wire(points: readonly Point[]): string {
  const [first, ...rest] = points;
  let d = `M${n(first!.x)} ${n(first!.y)}`;
  let before = first!;
  for (const [index, point] of rest.entries()) {
    const after = rest[index + 1];
    if (after) {
      const radius = Math.min(ROUND, far(before, point) / 2, far(point, after) / 2);
      const into = towards(point, before, radius);
      const out = towards(point, after, radius);
      d += `L${n(into.x)} ${n(into.y)}Q${n(point.x)} ${n(point.y)} ${n(out.x)} ${n(out.y)}`;
    } else d += `L${n(point.x)} ${n(point.y)}`;
    before = point;
  }
  return d;
}

/** A wire that ends before its goal: an open circuit, so that the break is seen. */
export function openWire(points: readonly Point[]): string {
  const goal = points.at(-1)!;
  const end = points.at(-2)!;
  const middle = (goal.y + end.y) / 2;
  const plate = (y: number): string => `M${n(goal.x - PLATE)} ${n(y)}L${n(goal.x + PLATE)} ${n(y)}`;
  const short = [...points.slice(0, -1), { x: goal.x, y: middle - 2.5 }];
  return `${wire(short)}${plate(middle - 2.5)}${plate(middle + 2.5)}M${n(goal.x)} ${n(middle + 2.5)}L${n(goal.x)} ${n(goal.y)}`;
}

function far(a: Point, b: Point): number {
  return Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
}

function towards(from: Point, to: Point, by: number): Point {
  const all = far(from, to) || 1;
  return { x: from.x + ((to.x - from.x) * by) / all, y: from.y + ((to.y - from.y) * by) / all };
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
