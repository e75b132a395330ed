// The steps of a flow: messages are added, steps removed and put in another order.

import { makeOrdered } from "./ordering.js";
import { showSpoken } from "./spoken.js";

const list = document.getElementById("steps");
const add = document.getElementById("add-step");

add.addEventListener("click", () => {
  list.append(document.getElementById("step").content.cloneNode(true));
  list.lastElementChild.querySelector("select").focus();
});
showSpoken();
makeOrdered(list, "[data-step]", nameOf, add);

function nameOf(row) {
  return row.querySelector("[data-name]")?.firstChild.textContent.trim() || row.querySelector("select").value;
}
