/** How many per cent of its container each pane takes, kept in this browser; the page reads it before it paints. */
export type Shares = Record<string, number>;

const KEY = "panes";
export const LEAST = 12;
export const MOST = 76;

export function within(share: number): number {
  return Math.round(Math.min(MOST, Math.max(LEAST, share)) * 10) / 10;
}

export function kept(): Shares {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof found === "object" && found !== null ? (found as Shares) : {};
  } catch {
    return {}; // a browser without storage, or somebody else's words in it
  }
}

/** null: as the stylesheet has it. */
export function keep(pane: string, share: number | null): void {
  const shares = kept();
  if (share === null) delete shares[pane];
  else shares[pane] = share;
  try {
    localStorage.setItem(KEY, JSON.stringify(shares));
  } catch {
    // it holds for this visit then
  }
}

/** The share after a key, null for a key that is none of ours. `grows`: the pane becomes larger to the right or down. */
export function afterKey(key: string, share: number, large: boolean, grows: boolean): number | null {
  const step = large ? 10 : 2;
  if (key === "Home") return LEAST;
  if (key === "End") return MOST;
  if (key === "ArrowRight" || key === "ArrowDown") return within(share + (grows ? step : -step));
  if (key === "ArrowLeft" || key === "ArrowUp") return within(share + (grows ? -step : step));
  return null;
}
