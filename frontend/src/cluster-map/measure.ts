/** How wide a text is, roughly: enough to cut it before the browser would. */
export function widthOf(text: string, size: number, mono = false): number {
  let width = 0;
  for (const letter of text) width += letter.charCodeAt(0) > 0x2e7f ? size : mono ? size * 0.6 : size * letterWidth(letter);
  return width;
}

function letterWidth(letter: string): number {
  if ("iljtfrI.,:;|!'()[]-/ ".includes(letter)) return 0.36;
  if ("mwMW@%".includes(letter)) return 0.88;
  return letter >= "A" && letter <= "Z" ? 0.67 : 0.57;
}

/** The text, cut in the middle where it is too long: of generated names, both ends tell them apart. */
export function fit(text: string, width: number, size: number, mono = false): string {
  if (widthOf(text, size, mono) <= width) return text;
  for (let kept = text.length - 1; kept > 1; kept--) {
    const tail = Math.floor(kept / 2);
    const cut = `${text.slice(0, kept - tail)}…${text.slice(text.length - tail)}`;
    if (widthOf(cut, size, mono) <= width) return cut;
  }
  return "…";
}
