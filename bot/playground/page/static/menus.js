// Menus: placed beside the button that opened them, and walked through with the arrow keys.

const GAP = 4;

export function wireMenus() {
  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (!menu.matches?.(".menu[popover]")) return;
    const opener = menu.opener ?? document.querySelector(`[popovertarget="${menu.id}"]`);
    const open = event.newState === "open";
    opener?.setAttribute("aria-expanded", String(open));
    if (open && opener) place(menu, opener);
    if (open) itemsOf(menu)[0]?.focus();
  }, true);
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.(".menu[popover]");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!menu || !step) return;
    event.preventDefault();
    const items = itemsOf(menu);
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
  });
}

function itemsOf(menu) {
  return [...menu.querySelectorAll(".item")].filter((item) => !item.hidden);
}

function place(menu, opener) {
  const button = opener.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = button.bottom + GAP + height <= innerHeight;
  const top = below ? button.bottom + GAP : Math.max(GAP, button.top - GAP - height);
  const left = Math.max(GAP, Math.min(button.left, innerWidth - width - GAP));
  Object.assign(menu.style, { top: `${top}px`, left: `${left}px` });
}
