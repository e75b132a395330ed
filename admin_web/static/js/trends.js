// The service level of each queue over the day: a small line in the table, and the same with its figures in a dialog.

import { write } from "./render.js";
import { text } from "./texts.js";
import { timeOfDay } from "./timers.js";

const EVERY = 60 * 1000;
const QUARTER = 15 * 60 * 1000;
const SVG = "http://www.w3.org/2000/svg";
const byId = (id) => document.getElementById(id);

const buttons = new Map();
let trends = {};
let rows = new Map();
let opened = null;

/** Ask for the trends now and each minute. */
export function keepTrends() {
  refresh();
  setInterval(refresh, EVERY);
  byId("trend-dialog").addEventListener("close", () => { opened = null; });
}

/** A button in the cell of a queue that shows the line and opens the figures. */
export function addTrend(cell, key) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cx-cell-button cx-spark-button";
  button.addEventListener("click", () => open(key));
  cell.append(button);
  buttons.set(key, button);
}

/** Follow the names and targets of the queues. */
export function showTrends(queues) {
  rows = queues;
  for (const [key, button] of buttons) {
    if (queues.has(key)) draw(button, key);
    else buttons.delete(key);
  }
}

async function refresh() {
  try {
    const answer = await fetch("/supervisor/trends", { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(8000) });
    if (answer.ok) trends = await answer.json();
  } catch {
    return; // the network is away: the live connection says so
  }
  showTrends(rows);
  if (opened) fill(opened);
}

function draw(button, key) {
  const row = rows.get(key);
  const quarters = trends[key] ?? [];
  const level = quarters.length ? percent(quarters.at(-1).serviceLevel) : text("trend-none");
  const label = text("trend-open", { queue: row.name, level, percent: row.targetPercent });
  const shown = JSON.stringify([quarters, label]);
  if (button.dataset.shown === shown) return;
  button.dataset.shown = shown;
  button.setAttribute("aria-label", label);
  button.replaceChildren(quarters.length ? line(quarters, row.targetPercent) : "–");
}

// From the first quarter to the last, 0 to 100 percent; a quarter without contacts leaves a gap.
function line(quarters, target) {
  const first = quarters[0].at;
  const count = Math.max(8, Math.round((quarters.at(-1).at - first) / QUARTER) + 1);
  const chart = make("svg", { class: "cx-spark", viewBox: `0 -4 ${count} 108`, preserveAspectRatio: "none", "aria-hidden": "true" });
  chart.append(make("line", { class: "cx-spark__target", x1: 0, x2: count, y1: 100 - target, y2: 100 - target }));
  for (const quarter of quarters) {
    const x = Math.round((quarter.at - first) / QUARTER);
    const height = Math.max(quarter.serviceLevel, 3);
    const name = quarter.serviceLevel < target ? "cx-spark__below" : "cx-spark__above";
    chart.append(make("rect", { class: name, x: x + 0.1, width: 0.8, y: 100 - height, height }));
  }
  return chart;
}

function open(key) {
  opened = key;
  fill(key);
  byId("trend-dialog").showModal();
}

function fill(key) {
  const row = rows.get(key);
  const quarters = trends[key] ?? [];
  write(byId("trend-heading"), text("trend-of", { queue: row.name, percent: row.targetPercent, seconds: row.targetSeconds }));
  byId("trend-chart").replaceChildren(...(quarters.length ? [line(quarters, row.targetPercent)] : [text("trend-none")]));
  byId("trend-rows").replaceChildren(...quarters.map((quarter) => figures(quarter, row.targetPercent)));
}

function figures(quarter, target) {
  const tr = document.createElement("tr");
  tr.className = "utrecht-table__row";
  const head = cell("th", timeOfDay(quarter.at).slice(0, 5));
  head.scope = "row";
  const level = cell("td", percent(quarter.serviceLevel));
  level.classList.toggle("cx-over", quarter.serviceLevel < target);
  tr.append(head, ...[quarter.offered, quarter.answered, quarter.answeredInTime].map((figure) => cell("td", figure)), level);
  return tr;
}

function cell(tag, words) {
  const element = document.createElement(tag);
  element.className = tag === "td" ? "utrecht-table__cell cx-number" : "utrecht-table__cell";
  element.textContent = words;
  return element;
}

const percent = (level) => (level === null ? "–" : `${Math.round(level)} %`);

function make(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
