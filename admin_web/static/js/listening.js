// A supervisor on the call of an agent: buttons in the dialog about that agent, and a line on the page as long as it lasts.

import { command } from "./commands.js";
import { notice } from "./notices.js";
import { expectOwnCall } from "./own_device.js";
import { write } from "./render.js";
import { text } from "./texts.js";

const RINGS_FOR = 25_000; // as long as the core rings the own device
const byId = (id) => document.getElementById(id);
const block = byId("agent-listening");
const line = byId("own-listening");

let agents = new Map();
let rings = null;
let changed = () => {};

/** Make the buttons work; `agent()` tells the key of the agent whom the dialog is about, `redraw()` shows it anew. */
export function makeListening(agent, redraw) {
  if (!block) return;
  changed = redraw;
  makeButtons(block, agent);
  makeButtons(line, ownKey);
}

/** Show on the page whose call the user is on. */
export function showOwnListening(rows) {
  if (!block) return;
  agents = rows;
  if (rings && isOn(agents.get(rings.key))) endRinging();
  showOwnLine();
}

/** Show in the dialog who is on the agent's call. */
export function showListening(key, agent) {
  if (!block) return;
  const own = isOn(agent) || rings?.key === key;
  const inCall = agent.state === "talking" || Boolean(agent.directContact);
  block.hidden = !inCall && !agent.listening && !own;
  write(byId("agent-listening-state"), own ? ownWords(key) : agent.listening ? text("listening-other") : "");
  showButtons(block, own, modeOf(key));
}

function makeButtons(place, key) {
  place.addEventListener("click", (event) => {
    const name = event.target.closest("[data-listen]")?.dataset.listen;
    if (name && key()) ask(key(), name, event.target.closest("[data-listen]").dataset.mode);
  });
}

async function ask(key, name, mode) {
  const begins = name !== "stop" && !isOn(agents.get(key)) && rings?.key !== key;
  if (begins) expectOwnCall(true);
  const done = await command(`listening/${encodeURIComponent(key)}/${name}`);
  if (!done && begins) expectOwnCall(null);
  if (!done) return;
  if (name === "stop") endRinging();
  else if (!isOn(agents.get(key))) beginRinging(key, mode);
  draw();
}

function beginRinging(key, mode) {
  const timer = rings?.timer ?? setTimeout(() => { endRinging(); notice(text("listening-not-answered")); draw(); }, RINGS_FOR);
  rings = { key, mode, timer };
}

function endRinging() {
  clearTimeout(rings?.timer);
  rings = null;
}

function draw() {
  showOwnLine();
  changed();
}

function showOwnLine() {
  const key = ownKey();
  const hadFocus = line.contains(document.activeElement);
  line.hidden = !key;
  write(byId("own-listening-words"), key ? `${agents.get(key)?.name}: ${ownWords(key)}` : "");
  if (key) showButtons(line, true, modeOf(key));
  else if (hadFocus) byId("alarms").focus();
}

function showButtons(place, own, mode) {
  for (const button of place.querySelectorAll("[data-mode]")) {
    button.setAttribute("aria-pressed", String(own && button.dataset.mode === mode));
  }
  const stop = place.querySelector('[data-listen="stop"]');
  if (!own && stop === document.activeElement) place.querySelector("[data-mode]").focus();
  stop.hidden = !own;
}

function ownKey() {
  return rings?.key ?? [...agents].find(([, agent]) => isOn(agent))?.[0] ?? null;
}

function ownWords(key) {
  return rings?.key === key ? text("listening-own-rings") : text(`listening-own-${agents.get(key).listening}`);
}

function modeOf(key) {
  return rings?.key === key ? rings.mode : agents.get(key)?.listening;
}

function isOn(agent) {
  return Boolean(agent?.listening) && agent.listenedBy === block.dataset.user;
}
