/** Menus (`details.menu`) close like menus: by a click elsewhere, by Escape, and by a choice. */
export function closeMenus(): void {
  document.addEventListener("click", ({ target }) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
      const inside = target instanceof Node && menu.contains(target);
      if (!inside || (target instanceof Element && target.closest(".menu__item"))) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = (event.target as Element).closest?.<HTMLDetailsElement>("details.menu[open]");
    if (event.key !== "Escape" || !menu) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}
