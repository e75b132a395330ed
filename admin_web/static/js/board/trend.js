// The day as bars, one for each quarter of an hour: offered, and of these answered. The same figures stand in a table for
// who cannot see the bars.

import { text } from "../texts.js";
import { timeOfDay } from "../timers.js";

const SVG = "http://www.w3.org/2000/svg";
const QUARTER = 15 * 60 * 1000;
const FEWEST = 16;

/** Draw the quarters into an element that holds nothing else. */
export function drawTrend(body, quarters) {
  body.replaceChildren(...(quarters.length ? [bars(quarters), table(quarters)] : [empty()]));
}

function empty() {
  const words = document.createElement("p");
  words.className = "cx-tile__note";
  words.textContent = text("no-contacts-today");
  return words;
}

function bars(quarters) {
  const first = quarters[0].at;
  const count = Math.max(FEWEST, Math.round((quarters.at(-1).at - first) / QUARTER) + 1);
  const most = Math.max(...quarters.map((quarter) => quarter.offered), 1);
  const chart = make("svg", { class: "cx-trend", viewBox: `0 0 ${count} 100`, preserveAspectRatio: "none", "aria-hidden": "true" });
  for (const quarter of quarters) {
    const x = Math.round((quarter.at - first) / QUARTER);
    chart.append(bar("offered", x, (100 * quarter.offered) / most), bar("answered", x, (100 * quarter.answered) / most));
  }
  return framed(chart, first, first + count * QUARTER, most);
}

function bar(name, x, height) {
  return make("rect", { class: `cx-trend__${name}`, x: x + 0.1, y: 100 - height, width: 0.8, height });
}

function framed(chart, from, until, most) {
  const frame = document.createElement("div");
  frame.className = "cx-trend__frame";
  frame.setAttribute("aria-hidden", "true");
  frame.append(label(String(most), "most"), legend(), chart, label(short(from), "from"), label(short(until), "until"));
  return frame;
}

function legend() {
  const element = label("", "legend");
  element.append(...["offered", "answered"].map((name) => Object.assign(document.createElement("span"), { textContent: text(`trend-${name}`) })));
  return element;
}

function label(words, name) {
  const element = document.createElement("span");
  element.className = `cx-trend__${name}`;
  element.textContent = words;
  return element;
}

function table(quarters) {
  const element = document.createElement("table");
  element.className = "cx-hidden";
  const names = ["quarter", "measure-offered", "measure-answered"].map((name) => text(name));
  element.createTHead().insertRow().append(...names.map((name) => cell("th", name)));
  const body = element.createTBody();
  for (const quarter of quarters) body.insertRow().append(cell("th", short(quarter.at)), cell("td", quarter.offered), cell("td", quarter.answered));
  return element;
}

function cell(tag, words) {
  const element = document.createElement(tag);
  element.textContent = words;
  return element;
}

function short(instant) {
  return timeOfDay(instant).slice(0, 5);
}

function make(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
