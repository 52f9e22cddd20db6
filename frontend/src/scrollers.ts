const SCROLLERS = ".prose pre, .prose table";

/** What scrolls sideways can be reached by the keyboard, and only while it does: a tab stop at each code would be many. */
export function reachScrollers(): void {
  const look = (scroller: HTMLElement): void => {
    if (scroller.scrollWidth > scroller.clientWidth + 1) scroller.tabIndex = 0;
    else scroller.removeAttribute("tabindex");
  };
  const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => look(target as HTMLElement)));
  for (const scroller of document.querySelectorAll<HTMLElement>(SCROLLERS)) sizes.observe(scroller);
}
