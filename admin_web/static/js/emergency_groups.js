// Emergency groups: places that are put on emergency together by one click, and taken off together.

import { command } from "./commands.js";
import { notice } from "./notices.js";
import { text } from "./texts.js";
import { now } from "./timers.js";

const items = document.querySelectorAll("[data-group]");
const groupOf = (item) => JSON.parse(item.dataset.group);

let on = new Set();

export function listenToGroups() {
  for (const item of items) {
    item.querySelector("[data-group-on]").addEventListener("click", (event) => busily(event.target, () => switchOn(groupOf(item))));
    item.querySelector("[data-group-off]").addEventListener("click", (event) => busily(event.target, () => switchOff(groupOf(item))));
  }
}

/** How many places of each group are on emergency. */
export function showGroups(rows) {
  on = new Set(rows.keys());
  for (const item of items) {
    const { places } = groupOf(item);
    const count = places.filter((place) => on.has(place)).length;
    const words = text("group-on", { count, all: places.length });
    const state = item.querySelector("[data-group-state]");
    const said = count ? words : "";
    if (state.textContent !== said) state.textContent = said;
    item.querySelector("[data-group-off]").disabled = count === 0;
  }
}

async function busily(button, work) {
  button.disabled = true;
  await work();
  button.disabled = false;
}

// A place that refuses is told, and the others go on.
async function switchOn({ places, message, then, flow, hours }) {
  const until = hours ? new Date(now() + hours * 3600000).toISOString() : null;
  const done = [];
  for (const scope of places) {
    if (await command("emergency/set", { scope, message, then, flow, until, tell_waiting: false })) done.push(scope);
  }
  if (done.length) notice(text("group-is-on", { count: done.length, all: places.length }), () => end(done));
}

async function switchOff({ places }) {
  await end(places.filter((place) => on.has(place)));
  notice(text("emergency-is-off"));
}

async function end(scopes) {
  for (const scope of scopes) await command("emergency/end", { scope });
}
