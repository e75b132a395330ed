// Arrange a board: by dragging, by keyboard, or by the numbers in the form beside it.

import { COLUMNS, freePlace, placed, ROWS, traded } from "./board/layout.js";
import { makeTile, place, titleOf } from "./board/tiles.js";
import { token } from "./commands.js";
import { goLive } from "./connection.js";
import { listenToKeys } from "./keyboard.js";
import { makeMenus } from "./menu.js";
import { announce, error, notice } from "./notices.js";
import { text } from "./texts.js";

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const NUMBERS = ["column", "row", "width", "height"];
const byId = (id) => document.getElementById(id);

const board = JSON.parse(byId("board-data").textContent);
const address = location.pathname;
const grid = byId("board");
const form = byId("tile-form");
let tiles = board.tiles;
let version = board.version;
let elements = [];
let selected = null;
let picture = null;
let saved = snapshot();
const history = [];

makeMenus();
listenToKeys();
draw();
goLive((latest) => {
  picture = latest;
  showQueues();
  for (const element of elements) element.update(latest);
});
byId("add").addEventListener("click", add);
byId("undo").addEventListener("click", undo);
byId("save").addEventListener("click", save);
byId("remove-tile").addEventListener("click", removeTile);
byId("dark").addEventListener("change", () => grid.classList.toggle("cx-board--dark", byId("dark").checked));
form.addEventListener("change", readForm);
form.addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("beforeunload", (event) => { if (snapshot() !== saved) event.preventDefault(); });
byId("copy-link").addEventListener("click", () => navigator.clipboard.writeText(byId("link").href).then(() => notice(byId("copy-link").dataset.done)));

function snapshot() {
  return JSON.stringify({ name: byId("board-name").value, dark: byId("dark").checked, tiles });
}

function draw() {
  elements = tiles.map((tile, index) => made(tile, index));
  grid.replaceChildren(...elements);
  for (const [index, element] of elements.entries()) {
    if (picture) element.update(picture);
    if (element.drawTrend) drawTrend(element, index);
  }
  if (selected !== null) mark(selected);
  byId("undo").disabled = history.length === 0;
}

async function drawTrend(element, index) {
  if (JSON.stringify(board.tiles[index]) !== JSON.stringify(tiles[index])) return element.drawTrend([]);
  const answer = await fetch(`${address}/trend?tile=${index}`, { headers: { Accept: "application/json" } });
  return element.drawTrend(answer.ok ? await answer.json() : []);
}

function made(tile, index) {
  const element = makeTile(tile);
  element.tabIndex = 0;
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", nameOf(tile));
  const corner = document.createElement("span");
  corner.className = "cx-tile__corner";
  element.append(corner);
  element.addEventListener("focus", () => select(index));
  element.addEventListener("keydown", (event) => steer(event, index));
  element.addEventListener("pointerdown", (event) => drag(event, element, index, event.target === corner));
  return element;
}

function nameOf(tile) {
  return text("tile-at", { title: titleOf(tile) || text(`kind-${tile.kind}`), column: tile.column + 1, row: tile.row + 1, width: tile.width, height: tile.height });
}

function steer(event, index) {
  const step = STEPS[event.key];
  if (event.key === "Delete") removeTile();
  if (!step) return;
  event.preventDefault();
  const { column, row, width, height } = tiles[index];
  const [across, down] = step;
  change(index, event.shiftKey ? { width: width + across, height: height + down } : { column: column + across, row: row + down });
  elements[index].focus();
  announce(nameOf(tiles[index]));
}

function drag(start, element, index, resizes) {
  if (start.button !== 0) return;
  const before = tiles;
  const cell = { width: grid.clientWidth / COLUMNS, height: grid.clientHeight / ROWS };
  let next = before;
  element.setPointerCapture(start.pointerId);
  element.onpointermove = (event) => {
    const moved = { x: event.clientX - start.clientX, y: event.clientY - start.clientY };
    next = resizes ? resized(before, index, moved, cell) : dropped(before, index, moved, cell, cellUnder(event, cell));
    if (next || !resizes) arrange(next ?? before);
    element.classList.toggle("cx-tile--no-room", !next);
    element.classList.add("cx-tile--held");
    if (!resizes) float(element, before[index], tiles[index], moved, cell);
  };
  element.onpointerup = element.onpointercancel = () => {
    element.onpointermove = element.onpointerup = element.onpointercancel = null;
    element.classList.remove("cx-tile--held", "cx-tile--no-room");
    element.style.transform = "";
    if (!next) error(text("no-room"));
    if (JSON.stringify(tiles) === JSON.stringify(before)) tiles = before;
    else remember(before);
    fillForm();
  };
}

function resized(before, index, moved, cell) {
  const { width, height } = before[index];
  return placed(before, index, { width: width + Math.round(moved.x / cell.width), height: height + Math.round(moved.y / cell.height) });
}

function dropped(before, index, moved, cell, under) {
  const { column, row } = before[index];
  const wanted = { column: column + Math.round(moved.x / cell.width), row: row + Math.round(moved.y / cell.height) };
  return placed(before, index, wanted) ?? traded(before, index, under);
}

function cellUnder(event, cell) {
  const { left, top } = grid.getBoundingClientRect();
  return { column: Math.floor((event.clientX - left) / cell.width), row: Math.floor((event.clientY - top) / cell.height) };
}

// A tile follows the pointer, from wherever the grid has put it meanwhile. One that takes another's size shows that.
function float(element, from, to, moved, cell) {
  const trades = from.width !== to.width || from.height !== to.height;
  const x = moved.x - (to.column - from.column) * cell.width;
  const y = moved.y - (to.row - from.row) * cell.height;
  element.style.transform = trades ? "" : `translate(${x}px, ${y}px)`;
}

// Only places change, so that the element under the pointer stays the same.
function arrange(next) {
  tiles = next;
  tiles.forEach((each, index) => {
    place(elements[index], each);
    elements[index].setAttribute("aria-label", nameOf(each));
  });
}

function change(index, wanted) {
  const next = placed(tiles, index, wanted);
  if (!next) {
    error(text("no-room"));
    return;
  }
  remember(tiles);
  arrange(next);
  fillForm();
}

function remember(before) {
  history.push(before);
  byId("undo").disabled = false;
}

function undo() {
  tiles = history.pop() ?? tiles;
  selected = null;
  showForm();
  draw();
}

function add() {
  const wanted = { kind: "figure", column: 0, row: 0, width: 3, height: 3, title: "", measure: "waiting", queues: [], text: "" };
  const tile = freePlace(wanted, tiles) ?? freePlace({ ...wanted, width: 1, height: 1 }, tiles);
  if (!tile) {
    error(text("no-room"));
    return;
  }
  remember(tiles);
  tiles = [...tiles, tile];
  draw();
  elements.at(-1).focus();
}

function removeTile() {
  if (selected === null) return;
  remember(tiles);
  tiles = tiles.filter((_, index) => index !== selected);
  selected = null;
  showForm();
  draw();
  byId("add").focus();
}

function select(index) {
  selected = index;
  mark(index);
  showForm();
}

function mark(index) {
  elements.forEach((element, place) => element.classList.toggle("cx-tile--selected", place === index));
}

function showForm() {
  form.hidden = selected === null;
  byId("no-tile").hidden = selected !== null;
  if (selected !== null) fillForm();
}

function fillForm() {
  if (selected === null) return;
  const tile = tiles[selected];
  form.elements.kind.value = tile.kind;
  form.elements.title.value = tile.title;
  form.elements.measure.value = tile.measure ?? "waiting";
  form.elements.text.value = tile.text;
  for (const name of NUMBERS) form.elements[name].value = tile[name] + (name === "column" || name === "row" ? 1 : 0);
  for (const box of form.querySelectorAll("[name=queue]")) box.checked = tile.queues.includes(box.value);
  byId("measure-field").hidden = tile.kind !== "figure";
  byId("queues-field").hidden = tile.kind === "message" || tile.kind === "clock";
  byId("text-field").hidden = tile.kind !== "message";
}

function readForm() {
  const kind = form.elements.kind.value;
  const queues = [...form.querySelectorAll("[name=queue]:checked")].map((box) => box.value);
  const numbers = Object.fromEntries(NUMBERS.map((name) => [name, Number(form.elements[name].value) - (name === "column" || name === "row" ? 1 : 0)]));
  const changed = { ...tiles[selected], kind, title: form.elements.title.value, measure: kind === "figure" ? form.elements.measure.value : null, text: form.elements.text.value, queues };
  const next = placed(tiles.map((tile, index) => (index === selected ? changed : tile)), selected, numbers);
  if (!next) {
    error(text("no-room"));
    fillForm();
    return;
  }
  remember(tiles);
  tiles = next;
  draw();
  fillForm();
}

function showQueues() {
  const list = byId("queues-list");
  const keys = [...picture.rows.queue.keys()].join();
  if (list.dataset.keys === keys) return;
  list.dataset.keys = keys;
  list.replaceChildren(...[...picture.rows.queue].map(([key, row]) => option(key, row.name)));
  fillForm();
}

function option(key, name) {
  const label = document.createElement("label");
  label.className = "cx-option";
  const box = document.createElement("input");
  Object.assign(box, { type: "checkbox", name: "queue", value: key });
  label.append(box, ` ${name}`);
  return label;
}

async function save() {
  const body = JSON.parse(snapshot());
  try {
    const answer = await fetch(address, {
      method: "PUT",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ ...body, version }),
      signal: AbortSignal.timeout(8000),
    });
    const said = await answer.json();
    if (!answer.ok) return error(said.detail);
    version = said.version;
    board.tiles = tiles;
    saved = snapshot();
    draw();
    return notice(text("saved"));
  } catch {
    return error(text("no-answer"));
  }
}
