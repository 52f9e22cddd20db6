// Drawn by us on a 16 × 16 grid; stroke and fill follow the text colour.
export const SHAPES = {
  system: "M2.5 3.5h11v7.5h-11z M6 13.5h4 M8 11v2.5",
  light: "M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6z M8 1.5v1.3 M8 13.2v1.3 M1.5 8h1.3 M13.2 8h1.3 M3.4 3.4l.9.9 M11.7 11.7l.9.9 M3.4 12.6l.9-.9 M11.7 4.3l.9-.9",
  dark: "M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z",
  pass: "M3.2 8.4l3.1 3.2 6.5-7",
  fail: "M4 4l8 8 M12 4l-8 8",
  waiting: "M8 4.4V8l2.4 1.6 M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8z",
  error: "M8 2.2l6.2 11H1.8z M8 6.4v3.2 M8 11.3v.2",
  untried: "M8 2.4a5.6 5.6 0 1 1 0 11.2A5.6 5.6 0 0 1 8 2.4z",
  next: "M3 8h9.5 M8.8 4.2L12.6 8l-3.8 3.8",
  hint: "M6.2 12h3.6 M6.8 14h2.4 M5.9 9.8C4.7 9 4 7.8 4 6.4a4 4 0 1 1 8 0c0 1.4-.7 2.6-1.9 3.4z",
} as const;

export type IconName = keyof typeof SHAPES;
const SVG = "http://www.w3.org/2000/svg";

/** Decoration only: what an icon means is always said in words beside it. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", `icon icon--${name}`);
  svg.setAttribute("aria-hidden", "true");
  for (const shape of SHAPES[name].split(/ (?=M)/)) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", shape);
    svg.append(path);
  }
  return svg;
}
