// The tiles of a wallboard: each is made once and then told what changed.

import { alarmWords } from "../alarm_words.js";
import { text } from "../texts.js";
import { countUp, now, setLimit } from "../timers.js";
import { longestSince, measured, rowsOf, serviceLevel } from "./measures.js";
import { drawTrend } from "./trend.js";

const LIST = ["waiting", "longest", "ready", "serviceLevel"];
const STATES = ["available", "talking", "wrap-up", "on-break", "logged-off"];

const MAKERS = { figure: makeFigure, queues: makeQueues, agents: makeAgents, trend: makeTrend, alarms: makeAlarms, message: makeMessage, clock: makeClock };

/** An element for the tile; `update(picture)` on it draws the present, `drawTrend(quarters)` the day. */
export function makeTile(tile) {
  const element = document.createElement("div");
  element.className = `cx-tile cx-tile--${tile.kind}`;
  place(element, tile);
  const heading = child(element, "h2", "cx-tile__title", titleOf(tile));
  heading.hidden = heading.textContent === "";
  const body = child(element, "div", "cx-tile__body");
  element.update = MAKERS[tile.kind](body, tile, element) ?? (() => {});
  return element;
}

/** Put the element where its tile stands. */
export function place(element, tile) {
  element.style.gridColumn = `${tile.column + 1} / span ${tile.width}`;
  element.style.gridRow = `${tile.row + 1} / span ${tile.height}`;
}

/** What stands above a tile: its own title, or what it shows. */
export function titleOf(tile) {
  if (tile.title) return tile.title;
  if (tile.kind === "figure") return text(`measure-${tile.measure}`);
  return tile.kind === "message" || tile.kind === "clock" ? "" : text(`kind-${tile.kind}`);
}

function makeFigure(body, tile, element) {
  const value = child(body, "p", "cx-tile__value");
  const target = child(body, "p", "cx-tile__target");
  return (picture) => {
    const found = measured(tile.measure, rowsOf(tile.queues, picture));
    if (found.text === undefined) showCounting(value, found);
    else put(value, found.text);
    element.classList.toggle("cx-tile--over", Boolean(found.over));
    const mark = found.over || value.classList.contains("cx-over") ? 2 : 0;
    body.style.setProperty("--letters", Math.max(3, value.textContent.length + mark));
    put(target, found.target ? text("target-of", { target: found.target }) : "");
  };
}

function showCounting(value, { since, limit }) {
  setLimit(value, limit);
  countUp(value, since);
}

function makeQueues(body, tile) {
  const table = child(body, "table", "cx-tile__table");
  const head = child(child(table, "thead"), "tr");
  child(head, "td");
  for (const name of LIST) child(head, "th", "", text(`measure-${name}`)).scope = "col";
  const rows = child(table, "tbody");
  return (picture) => {
    const shown = rowsOf(tile.queues, picture);
    body.style.setProperty("--lines", shown.length + 1);
    while (rows.rows.length > shown.length) rows.deleteRow(-1);
    shown.forEach((row, index) => showQueue(rows.rows[index] ?? makeLine(rows), row));
  };
}

function makeLine(rows) {
  const line = child(rows, "tr");
  child(line, "th").scope = "row";
  for (const name of LIST) child(line, "td", name);
  return line;
}

function showQueue(line, row) {
  const [name, waiting, longest, ready, level] = line.cells;
  put(name, row.name);
  put(waiting, String(row.waiting));
  setLimit(longest, row.targetSeconds);
  countUp(longest, longestSince([row]));
  put(ready, String(row.ready));
  const percent = serviceLevel([row]);
  put(level, percent === null ? "–" : `${Math.round(percent)} %`);
  level.classList.toggle("cx-over", percent !== null && percent < row.targetPercent);
}

function makeAgents(body, tile) {
  const list = child(body, "dl", "cx-tile__states");
  const figures = new Map(STATES.map((state) => {
    const line = child(list, "div");
    line.dataset.state = state;
    child(line, "dt", "", text(state));
    return [state, child(line, "dd")];
  }));
  return (picture) => {
    const agents = [...picture.rows.agent.values()].filter((agent) => !tile.queues.length || agent.serves.some((key) => tile.queues.includes(key)));
    for (const [state, figure] of figures) put(figure, String(agents.filter((agent) => stateOf(agent) === state).length));
  };
}

// An agent who is rung or holds a caller is in a contact: a board has no room for finer differences.
function stateOf(agent) {
  if (agent.direct || agent.state === "offered" || agent.state === "talking") return "talking";
  return agent.state === "ready" ? agent.status : agent.state;
}

function makeTrend(body, _tile, element) {
  element.drawTrend = (quarters) => drawTrend(body, quarters);
}

function makeAlarms(body, tile, element) {
  const list = child(body, "ul", "cx-tile__alarms");
  const calm = child(body, "p", "cx-tile__note", text("no-alarms"));
  return (picture) => {
    const on = [...picture.rows.alarm.values()].filter((row) => !tile.queues.length || tile.queues.includes(row.queueId));
    while (list.children.length > on.length) list.lastElementChild.remove();
    on.forEach((row, index) => put(list.children[index] ?? child(list, "li"), alarmWords(row)));
    body.style.setProperty("--lines", Math.max(on.length, 1));
    calm.hidden = on.length > 0;
    element.classList.toggle("cx-tile--over", on.some((row) => !row.seen));
  };
}

function makeMessage(body, tile) {
  const message = child(body, "p", "cx-tile__message", tile.text);
  body.style.setProperty("--letters", Math.max(12, Math.sqrt(message.textContent.length) * 3));
}

function makeClock(body) {
  const time = child(body, "p", "cx-tile__value");
  body.style.setProperty("--letters", 5);
  const show = () => {
    put(time, new Date(now()).toLocaleTimeString("nl-NL", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Amsterdam" }));
    if (time.isConnected) setTimeout(show, 1000);
  };
  setTimeout(show, 0);
}

function put(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function child(parent, tag, classes = "", words = "") {
  const element = document.createElement(tag);
  if (classes) element.className = classes;
  if (words) element.textContent = words;
  parent.append(element);
  return element;
}

