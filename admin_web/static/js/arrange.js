// The parts of the page are shown, hidden and moved: by dragging, by buttons, by keys. Each change is kept at once.

import { post } from "./commands.js";
import { error } from "./notices.js";
import { text } from "./texts.js";

const byId = (id) => document.getElementById(id);
const bar = byId("arrange");
const opener = byId("arrange-open");
const columns = [...document.querySelectorAll("[data-desk-column]")];
const parts = () => [...document.querySelectorAll("[data-part]")];

let dragged = null;

/** Make the buttons and the dragging work. */
export function makeArranging() {
  opener.addEventListener("click", () => arrange(bar.hidden));
  byId("arrange-done").addEventListener("click", () => arrange(false));
  byId("arrange-reset").addEventListener("click", reset);
  byId("arrange-hidden").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) show(button.dataset.shows);
  });
  for (const part of parts()) makePart(part);
  for (const column of columns) column.addEventListener("dragover", (event) => dragOver(event, column));
  document.addEventListener("drop", (event) => { if (dragged) event.preventDefault(); });
}

function arrange(on) {
  bar.hidden = !on;
  opener.setAttribute("aria-expanded", String(on));
  document.body.classList.toggle("cx-arranging", on);
  for (const part of parts()) {
    part.draggable = on;
    part.querySelector(".cx-part__tools").hidden = !on;
  }
  if (on) drawHidden();
  (on ? byId("arrange-done") : opener).focus();
}

function makePart(part) {
  const tools = part.querySelector(".cx-part__tools");
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (button) step(part, button.dataset.step, button);
  });
  tools.addEventListener("keydown", (event) => {
    const named = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" }[event.key];
    if (!named) return;
    event.preventDefault();
    step(part, named, event.target);
  });
  part.addEventListener("dragstart", (event) => {
    dragged = part;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", part.dataset.name);
    part.classList.add("cx-part--dragged");
  });
  part.addEventListener("dragend", () => {
    part.classList.remove("cx-part--dragged");
    if (dragged) placed(part);
    dragged = null;
  });
}

function dragOver(event, column) {
  if (!dragged) return;
  event.preventDefault();
  const below = shownIn(column).find((each) => each !== dragged && event.clientY < middle(each));
  column.insertBefore(dragged, below ?? null);
}

function middle(part) {
  const { top, height } = part.getBoundingClientRect();
  return top + height / 2;
}

function shownIn(column) {
  return [...column.querySelectorAll("[data-part]")].filter((each) => !each.hidden);
}

function step(part, named, focused) {
  const column = part.parentElement;
  const mates = shownIn(column);
  const at = mates.indexOf(part);
  const side = columns.indexOf(column);
  const other = { across: 1 - side, left: side - 1, right: side + 1 }[named];
  if (named === "hide") { hide(part); return; }
  if (other !== undefined) columns[other]?.append(part);
  else if (named === "up" && at > 0) column.insertBefore(part, mates[at - 1]);
  else if (named === "down" && at < mates.length - 1) mates[at + 1].after(part);
  // An element that is moved loses the focus.
  focused.focus();
  placed(part);
}

function placed(part) {
  const column = part.parentElement;
  const mates = shownIn(column);
  const words = { part: part.dataset.name, column: columns.indexOf(column) + 1, place: mates.indexOf(part) + 1, total: mates.length };
  say(text("part-placed", words));
  keep();
}

function hide(part) {
  part.hidden = true;
  say(text("part-hidden", { part: part.dataset.name }));
  drawHidden();
  byId("arrange-hidden").querySelector(`[data-shows="${part.dataset.part}"]`).focus();
  keep();
}

function show(name) {
  const part = parts().find((each) => each.dataset.part === name);
  part.hidden = false;
  say(text("part-shown", { part: part.dataset.name }));
  drawHidden();
  part.querySelector("[data-step]").focus();
  keep();
}

function drawHidden() {
  byId("arrange-hidden").replaceChildren(...parts().filter((each) => each.hidden).map((each) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "utrecht-button utrecht-button--secondary-action";
    button.dataset.shows = each.dataset.part;
    button.textContent = text("show-part", { part: each.dataset.name });
    return button;
  }));
}

function say(words) {
  byId("arrange-said").textContent = words;
}

async function keep() {
  const layout = {
    columns: columns.map((column) => [...column.querySelectorAll("[data-part]")].map((each) => each.dataset.part)),
    hidden: parts().filter((each) => each.hidden).map((each) => each.dataset.part),
  };
  await send("/agent/layout", layout);
}

async function reset() {
  if (!(await send("/agent/layout/reset", {}))) return;
  const layout = JSON.parse(bar.dataset.default);
  layout.forEach((names, at) => names.forEach((name) => {
    const part = parts().find((each) => each.dataset.part === name);
    part.hidden = false;
    columns[at].append(part);
  }));
  drawHidden();
  say(text("layout-reset"));
}

async function send(path, body) {
  try {
    const answer = await post(path, body);
    if (answer.ok) return true;
  } catch {
    // Said below.
  }
  error(text("layout-not-kept"));
  return false;
}
