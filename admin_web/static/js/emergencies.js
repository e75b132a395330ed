// The emergency messages that are on: a line at the top of every page, and the words for each.

import { text } from "./texts.js";
import { dayAndTime } from "./timers.js";

const bar = document.getElementById("emergencies");
let shown = "";

/** Show which emergency messages callers hear; only a change touches the page. */
export function showEmergencies(rows) {
  const now = JSON.stringify([...rows]);
  if (now === shown || !bar) return;
  shown = now;
  bar.replaceChildren(...[...rows.values()].map(line));
}

/** Where a message is on. */
export const placeWords = (row) => (row.place ? text("at-place", { place: row.place }) : text("all-numbers"));

/** What is on, where and until when. */
export function emergencyWords(row) {
  const place = placeWords(row);
  const until = row.until === null ? text("until-switched-off") : text("until-time", { time: dayAndTime(row.until) });
  return text("emergency-on", { place, message: row.message, until, by: row.by });
}

function line(row) {
  const words = document.createElement("p");
  const said = document.createElement("span");
  said.textContent = emergencyWords(row);
  words.append(said);
  if (bar.dataset.page && location.pathname !== bar.dataset.page) words.append(link());
  return words;
}

function link() {
  const made = document.createElement("a");
  made.href = bar.dataset.page;
  made.textContent = text("to-emergency");
  return made;
}
