// What a supervisor looks at: the people and contacts of one queue, and from when on a state lasts too long.

import { keep, kept } from "./kept_choices.js";
import { text } from "./texts.js";

const LONGEST_MINUTES = 480;
const choice = document.getElementById("queue-filter");
const dialog = document.getElementById("limits-dialog");
const fields = [...document.querySelectorAll("[data-limit-of]")];
let wanted = kept("queue-filter") ?? "";
let limits = kept("limits") ?? {};

/** Draw anew by `again()` whenever the choice changes. */
export function makeLooking(again) {
  choice.addEventListener("change", () => {
    wanted = choice.value;
    keep("queue-filter", wanted || null);
    again();
  });
  document.getElementById("open-limits").addEventListener("click", open);
  dialog.querySelector("form").addEventListener("submit", (event) => {
    if (event.submitter?.value === "cancel") return;
    limits = Object.fromEntries(fields.map((field) => [field.dataset.limitOf, Number(field.value) || 0]));
    keep("limits", limits);
    again();
  });
}

/** Offer the queues that there are; one that is gone is no longer chosen. */
export function showChoice(queues) {
  const names = [["", text("all-queues")], ...[...queues].map(([key, row]) => [key, row.name])];
  if (queues.size && !names.some(([key]) => key === wanted)) wanted = "";
  const shown = JSON.stringify(names);
  if (choice.dataset.shown !== shown) {
    choice.dataset.shown = shown;
    choice.replaceChildren(...names.map(([key, name]) => new Option(name, key)));
  }
  choice.value = wanted;
}

/** Whether somebody who serves these queues, or may, is looked at. */
export function looksAt(queues) {
  return !wanted || queues.includes(wanted);
}

/** The seconds after which this state lasts too long; null when it never does. */
export function limitOf(state) {
  return minutesOf({ held: "talking", direct: "talking" }[state] ?? state) * 60 || null;
}

function minutesOf(state) {
  const field = fields.find((each) => each.dataset.limitOf === state);
  if (!field) return 0;
  const minutes = limits[state] ?? Number(field.dataset.usual);
  return minutes >= 0 && minutes <= LONGEST_MINUTES ? minutes : 0;
}

function open() {
  for (const field of fields) field.value = minutesOf(field.dataset.limitOf);
  dialog.showModal();
}
