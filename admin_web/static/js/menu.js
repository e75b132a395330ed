// Buttons that open a list. Esc closes and gives the focus back; arrows walk; a click elsewhere closes.

/** Make every element with data-menu work. */
export function makeMenus() {
  for (const menu of document.querySelectorAll("[data-menu]")) makeMenu(menu);
  document.addEventListener("pointerdown", (event) => {
    for (const menu of document.querySelectorAll("[data-menu]")) if (!menu.contains(event.target)) close(menu);
  });
}

function makeMenu(menu) {
  const [button, panel] = parts(menu);
  button.addEventListener("click", () => (panel.hidden ? open(menu) : close(menu)));
  panel.addEventListener("click", (event) => {
    if (event.target.closest("button")) close(menu, true);
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) close(menu);
  });
  menu.addEventListener("keydown", (event) => walk(menu, event));
}

function parts(menu) {
  const button = menu.querySelector("[aria-expanded]");
  return [button, document.getElementById(button.getAttribute("aria-controls"))];
}

function open(menu) {
  const [button, panel] = parts(menu);
  panel.hidden = false;
  button.setAttribute("aria-expanded", "true");
  panel.querySelector("button")?.focus();
}

function close(menu, giveFocusBack = false) {
  const [button, panel] = parts(menu);
  if (panel.hidden) return;
  panel.hidden = true;
  button.setAttribute("aria-expanded", "false");
  if (giveFocusBack) button.focus();
}

function walk(menu, event) {
  const [, panel] = parts(menu);
  if (panel.hidden) return;
  if (event.key === "Escape") {
    event.stopPropagation();
    close(menu, true);
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...panel.querySelectorAll("button")];
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length].focus();
}
