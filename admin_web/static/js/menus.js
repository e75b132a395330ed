// Keys of a menu: added, removed, and put in another place by buttons or by dragging. The form sends them in their order.

import { makeOrdered } from "./ordering.js";
import { showSpoken } from "./spoken.js";

const list = document.getElementById("choices");
const row = document.getElementById("choice");

document.getElementById("add-choice").addEventListener("click", add);
list.addEventListener("change", (event) => markOff(event.target.closest("[data-choice]")));
showSpoken();
for (const kind of document.querySelectorAll('input[name="kind"]')) kind.addEventListener("change", showKind);
showKind();
makeOrdered(list, "[data-choice]", keyOf, document.getElementById("add-choice"));

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

function keyOf(choice) {
  return choice.querySelector('[name="key"]').value;
}

function markOff(choice) {
  if (choice) choice.toggleAttribute("data-off", choice.querySelector('[name="state"]').value === "off");
}
