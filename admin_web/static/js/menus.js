// Keys of a menu: added, removed, and put in another place by buttons or by dragging. The form sends them in their order.

import { announce } from "./notices.js";
import { showSpoken } from "./spoken.js";

const list = document.getElementById("choices");
const row = document.getElementById("choice");

document.getElementById("add-choice").addEventListener("click", add);
list.addEventListener("click", press);
list.addEventListener("change", (event) => markOff(event.target.closest("[data-choice]")));
showSpoken();
for (const kind of document.querySelectorAll('input[name="kind"]')) kind.addEventListener("change", showKind);
showKind();
makeDraggable();

function showKind() {
  const chosen = document.querySelector('input[name="kind"]:checked')?.value;
  if (chosen) for (const part of document.querySelectorAll("[data-kind]")) if (part.matches("form [data-kind]")) part.hidden = part.dataset.kind !== chosen;
}

function add() {
  list.append(row.content.cloneNode(true));
  const added = list.lastElementChild;
  const used = [...list.querySelectorAll('[name="key"]')].filter((select) => !added.contains(select)).map((select) => select.value);
  const key = added.querySelector('[name="key"]');
  key.value = [...key.options].map((option) => option.value).find((value) => !used.includes(value) && value !== "0") ?? key.value;
  key.focus();
}

function press(event) {
  const button = event.target.closest("button");
  const choice = event.target.closest("[data-choice]");
  if (!button || !choice) return;
  if ("remove" in button.dataset) remove(choice);
  else move(choice, Number(button.dataset.move), button);
}

function remove(choice) {
  const next = choice.nextElementSibling ?? choice.previousElementSibling;
  announce(list.dataset.removed.replace("{key}", keyOf(choice)));
  choice.remove();
  (next?.querySelector("[data-remove]") ?? document.getElementById("add-choice")).focus();
}

function move(choice, step, button) {
  const other = step < 0 ? choice.previousElementSibling : choice.nextElementSibling;
  if (!other) return;
  if (step < 0) other.before(choice);
  else other.after(choice);
  button.focus();
  tellPlace(choice);
}

function tellPlace(choice) {
  const place = [...list.children].indexOf(choice) + 1;
  announce(list.dataset.moved.replace("{key}", keyOf(choice)).replace("{place}", place));
}

function keyOf(choice) {
  return choice.querySelector('[name="key"]').value;
}

function markOff(choice) {
  if (choice) choice.toggleAttribute("data-off", choice.querySelector('[name="state"]').value === "off");
}

function makeDraggable() {
  let dragged = null;
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-choice]");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    dragged?.setAttribute("data-dragged", "");
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-choice]");
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
