// Rows of a list that are removed, and put in another place by buttons or by dragging. The form sends them in their order.

import { announce } from "./notices.js";

// `rows` selects a row within the list, `nameOf` says what a row is called, `add` is the button that gets the focus
// when no row is left. The list says `data-moved` and `data-removed`, with {key} and {place}.
export function makeOrdered(list, rows, nameOf, add) {
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const row = event.target.closest(rows);
    if (!button || !row) return;
    if ("remove" in button.dataset) remove(row);
    else if ("move" in button.dataset) move(row, Number(button.dataset.move), button);
  });
  makeDraggable();

  function remove(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    announce(list.dataset.removed.replace("{key}", nameOf(row)));
    row.remove();
    (next?.querySelector("[data-remove]") ?? add).focus();
  }

  function move(row, step, button) {
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (step < 0) other.before(row);
    else other.after(row);
    button.focus();
    tellPlace(row);
  }

  function tellPlace(row) {
    const place = [...list.children].indexOf(row) + 1;
    announce(list.dataset.moved.replace("{key}", nameOf(row)).replace("{place}", place));
  }

  function makeDraggable() {
    let dragged = null;
    list.addEventListener("dragstart", (event) => {
      dragged = event.target.closest(rows);
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "");
      dragged?.setAttribute("data-dragged", "");
    });
    list.addEventListener("dragover", (event) => {
      const over = event.target.closest(rows);
      if (!dragged) return;
      event.preventDefault();
      if (!over || over === dragged) return;
      const { top, height } = over.getBoundingClientRect();
      if (event.clientY < top + height / 2) over.before(dragged);
      else over.after(dragged);
    });
    list.addEventListener("drop", (event) => event.preventDefault());
    list.addEventListener("dragend", () => {
      dragged?.removeAttribute("data-dragged");
      if (dragged) tellPlace(dragged);
      dragged = null;
    });
  }
}
