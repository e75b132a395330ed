// Alarms at the top of the supervisor's page: what is broken, and which queue crossed a threshold. A line stays the same
// element while it is on, so that whoever is about to press its button is not robbed of it.

import { alarmWords } from "./alarm_words.js";
import { startBeeping, stopBeeping } from "./beep.js";
import { command } from "./commands.js";
import { write } from "./render.js";
import { text, textOr } from "./texts.js";
import { countUp, timeOfDay } from "./timers.js";

const region = document.getElementById("alarms");
const maySee = region.dataset.acknowledge === "yes";
const lines = new Map();

/** Show the alarms of the picture; sound goes on until somebody has seen each. */
export function showAlarms({ system, alarm, queue }) {
  const broken = [...system].filter(([, row]) => !row.healthy).map(([part, row]) => [`system ${part}`, brokenWords(part, row), null]);
  const crossed = [...alarm].map(([key, row]) => [`queue ${key}`, alarmWords(row), { key, row }]);
  const wanted = new Map([...broken, ...crossed].map(([name, words, of]) => [name, { words, of }]));
  for (const [name, line] of lines) if (!wanted.has(name)) forget(name, line);
  for (const [name, what] of wanted) show(lines.get(name) ?? made(name, what.of), what);
  for (const [key, row] of alarm) showNow(lines.get(`queue ${key}`), row, queue.get(row.queueId));
  if ([...alarm.values()].some((row) => !row.seen)) startBeeping();
  else stopBeeping();
}

function brokenWords(part, row) {
  const said = textOr(`part-down-${part}`, text("part-down", { part: textOr(`part-${part}`, part), time: timeOfDay(row.since) }));
  return row.reason ? `${said} ${row.reason}` : said;
}

function made(name, of) {
  const line = document.createElement("p");
  line.className = "cx-alarm";
  line.append(document.getElementById("alarm-sign").content.cloneNode(true));
  line.words_ = line.appendChild(document.createElement("span"));
  if (of) {
    line.append(nowPlace(line));
    line.since_ = line.appendChild(document.createElement("span"));
    line.since_.className = "cx-alarm__since";
    if (maySee) line.button_ = line.appendChild(seenButton(of.key));
  }
  lines.set(name, line);
  region.append(line);
  return line;
}

// The figure as it is now, beside the one that raised the alarm. It stands in the table too, and would be read out each second.
function nowPlace(line) {
  const place = document.createElement("span");
  place.className = "cx-alarm__now";
  place.setAttribute("aria-hidden", "true");
  line.now_ = document.createElement("span");
  place.append(`${text("alarm-now")} `, line.now_);
  return place;
}

const NOW = {
  waiting: (place, queue) => write(place, queue.waiting),
  longest_wait: (place, queue) => countUp(place, queue.longestWaitingSince),
  service_level: (place, queue) => write(place, percent(queue.serviceLevel)),
  chats_waiting: (place, queue) => write(place, sum(queue.written, "waiting")),
  chat_wait: (place, queue) => countUp(place, queue.written.reduce((first, { since }) => (since && (!first || since < first) ? since : first), null)),
  chat_level: (place, { written }) => write(place, percent(sum(written, "offered") ? (100 * sum(written, "inTime")) / sum(written, "offered") : null)),
};

function showNow(line, row, queue) {
  const show = queue && NOW[row.kind];
  line.now_.parentElement.hidden = !show;
  show?.(line.now_, queue);
}

function sum(rows, name) {
  return rows.reduce((total, row) => total + row[name], 0);
}

function percent(value) {
  return value === null ? "–" : `${Math.round(value)} %`;
}

function seenButton(key) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "utrecht-button utrecht-button--secondary-action cx-alarm__seen";
  button.textContent = text("alarm-acknowledge");
  button.addEventListener("click", () => command(`alarms/${encodeURIComponent(key)}/acknowledge`));
  return button;
}

function show(line, { words, of }) {
  write(line.words_, words);
  if (!of) return;
  const { row } = of;
  line.classList.toggle("cx-alarm--seen", row.seen);
  const since = text("alarm-since", { time: timeOfDay(row.since) });
  write(line.since_, row.seen ? `${since} ${text("alarm-seen", { name: row.acknowledgedBy, time: timeOfDay(row.acknowledgedAt) })}` : since);
  if (!line.button_) return;
  line.button_.setAttribute("aria-label", text("alarm-acknowledge-which", { alarm: words }));
  line.button_.hidden = row.seen;
}

// The focus of whoever stood on a line that goes moves to the region, not to the top of the page.
function forget(name, line) {
  const held = line.contains(document.activeElement);
  line.remove();
  lines.delete(name);
  if (held) region.focus();
}
