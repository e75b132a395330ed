// Passing a contact on: search somebody, consult or transfer; the two cards of a consultation; the keypad.

import { command } from "./commands.js";
import { findInDirectory } from "./directory.js";
import { error, notice } from "./notices.js";
import { icon, showState } from "./render.js";
import { text } from "./texts.js";
import { clock, countUp } from "./timers.js";

const PAUSE = 120;
const REFRESH = 2000;
const OPEN_MODES = ["talking", "held", "direct"];
const byId = (id) => document.getElementById(id);

const panel = byId("transfer");
const query = byId("transfer-query");
const list = byId("transfer-hits");

let hits = [];
let chosen = 0;
let asked = 0;
let due = null;
let last = null;
let ownDoing = false;
let sending = Promise.resolve();

/** Make the panel, its keys and the keypad work. */
export function makeTransfer() {
  byId("open-transfer").addEventListener("click", () => (panel.hidden ? open() : close()));
  byId("transfer-close").addEventListener("click", () => close());
  byId("transfer-consult").addEventListener("click", () => pass("consult"));
  byId("transfer-park").addEventListener("click", park);
  byId("transfer-direct").addEventListener("click", () => pass("transfer-contact"));
  query.addEventListener("input", () => searchSoon(PAUSE));
  panel.addEventListener("keydown", onKey);
  list.addEventListener("click", (event) => choose(optionAt(event)));
  list.addEventListener("dblclick", () => pass("consult"));
  for (const name of ["take-back", "complete-transfer"]) {
    document.querySelector(`[data-command="${name}"]`).addEventListener("click", () => { ownDoing = true; });
  }
  makeKeypad();
  setInterval(refresh, REFRESH);
}

/** Show where the consultation of the agent's contact stands. */
export function showTransfer(me, contact, mode, callerName) {
  if (!OPEN_MODES.includes(mode)) close();
  if (!["consulting", ...OPEN_MODES].includes(mode)) showKeypad(false);
  const consult = mode === "consulting" ? contact.consult : null;
  if (consult) showParties(consult, callerName);
  tellEnd(consult, mode);
  last = consult;
}

function showParties(consult, callerName) {
  const { state, target } = consult;
  const heard = { caller: state === "with-caller" || state === "together", target: state === "with-target" || state === "together" };
  showParty("caller", callerName, heard.caller ? "talking" : "held", heard.caller ? text("hears-you") : text("hears-music"));
  const ringing = state === "ringing";
  const targetState = ringing ? "offered" : heard.target ? "talking" : "held";
  showParty("target", target, targetState, ringing ? text("rings") : heard.target ? text("hears-you") : text("hears-music"));
  byId("parties").dataset.step = state;
  for (const name of ["caller", "target"]) byId(`link-${name}`).dataset.linked = heard[name] ? "yes" : "no";
  for (const name of ["swap-parties", "join-parties"]) {
    document.querySelector(`[data-command="${name}"]`).hidden = ringing || (name === "join-parties" && state === "together");
  }
  const words = text(`consult-${state}`, { target });
  if (byId("consult-words").textContent !== words) byId("consult-words").textContent = words;
}

function showParty(who, name, state, words) {
  const card = byId(`party-${who}`);
  card.querySelector(".cx-party__name").textContent = name;
  showState(card.querySelector(".cx-party__state"), state, words);
  card.dataset.state = state;
}

// An end that the agent did not ask for is said, not only shown.
function tellEnd(consult, mode) {
  if (!last || consult) return;
  if (!ownDoing && OPEN_MODES.includes(mode)) {
    notice(text(last.state === "ringing" ? "target-missed" : "target-left", { target: last.target }));
  }
  ownDoing = false;
}

// --- The search ---

/** Open the search with a target that was chosen elsewhere on the page. */
export function passTo(target) {
  open(target);
}

function open(target = "") {
  panel.hidden = false;
  byId("open-transfer").setAttribute("aria-expanded", "true");
  query.value = target;
  query.focus();
  searchSoon(0);
}

// Who passed the contact on is at its head, not at a button: a second Enter is to do nothing.
function close(passed = false) {
  if (panel.hidden) return;
  const hadFocus = panel.contains(document.activeElement);
  panel.hidden = true;
  clearTimeout(due);
  const opener = byId("open-transfer");
  opener.setAttribute("aria-expanded", "false");
  if (hadFocus) (opener.checkVisibility() && !passed ? opener : byId("contact-heading")).focus();
}

function searchSoon(delay) {
  clearTimeout(due);
  due = setTimeout(search, delay);
}

async function search() {
  asked += 1;
  const mine = asked;
  try {
    const found = await findInDirectory(query.value);
    if (mine === asked) show(found);
  } catch {
    if (mine === asked) error(text("no-search"));
  }
}

function show(found) {
  hits = found;
  chosen = 0;
  list.replaceChildren(...hits.map((hit, at) => option(hit, at)));
  query.setAttribute("aria-expanded", String(hits.length > 0));
  byId("transfer-count").textContent = hits.length ? text("hits", { count: hits.length }) : text("no-hits");
  choose(0);
  // What can be done with the hits is to be seen along with them.
  panel.scrollIntoView({ block: "nearest" });
}

/** One line of what was found. */
export function option(hit, at, name = "hit") {
  const made = document.createElement("div");
  made.className = "cx-hit";
  made.id = `${name}-${at}`;
  made.setAttribute("role", "option");
  fill(made, hit);
  return made;
}

function fill(made, hit) {
  const shown = JSON.stringify(hit);
  if (made.shown_ === shown) return;
  made.shown_ = shown;
  const detail = span("cx-hit__detail", hit.detail);
  if (hit.longest_waiting_since !== null) {
    const longest = span("cx-figures", "");
    countUp(longest, hit.longest_waiting_since);
    detail.append(` · ${text("hit-longest")} `, longest);
  }
  if (hit.expected_wait !== null) detail.append(` · ${text("hit-expected", { time: clock(hit.expected_wait) })}`);
  const state = span("cx-state", "");
  state.dataset.state = hit.state;
  if (hit.state) state.append(icon(hit.state));
  state.append(hit.words);
  made.replaceChildren(span("cx-hit__name", hit.name), detail, state);
}

function span(name, words) {
  const made = document.createElement("span");
  made.className = name;
  made.textContent = words;
  return made;
}

// How many wait, and who is free, changes while the agent chooses. The lines keep their places.
async function refresh() {
  const mine = asked;
  if (panel.hidden || document.hidden) return;
  try {
    const found = await findInDirectory(query.value);
    if (mine === asked) renew(new Map(found.map((hit) => [`${hit.kind} ${hit.key}`, hit])));
  } catch {
    // What stands there stays; the next look tries again.
  }
}

function renew(fresh) {
  hits = hits.map((hit) => fresh.get(`${hit.kind} ${hit.key}`) ?? hit);
  hits.forEach((hit, at) => fill(list.children[at], hit));
}

function optionAt(event) {
  return [...list.children].indexOf(event.target.closest("[role=option]"));
}

function choose(at) {
  if (at < 0 || at >= hits.length) {
    query.removeAttribute("aria-activedescendant");
    return;
  }
  chosen = at;
  byId("transfer-park").disabled = hits[at].kind !== "agent";
  [...list.children].forEach((each, index) => each.setAttribute("aria-selected", String(index === at)));
  query.setAttribute("aria-activedescendant", `hit-${at}`);
  list.children[at].scrollIntoView({ block: "nearest" });
}

function onKey(event) {
  if (event.key === "Escape") close();
  else if (event.target !== query) return;
  else if (event.key === "ArrowDown") choose(Math.min(chosen + 1, hits.length - 1));
  else if (event.key === "ArrowUp") choose(Math.max(chosen - 1, 0));
  else if (event.key === "Enter") enter(event);
  else return;
  event.preventDefault();
}

// What was typed last counts, also when its answer is still on the way.
async function enter(event) {
  const { shiftKey, ctrlKey } = event;
  clearTimeout(due);
  await search();
  if (ctrlKey) park();
  else pass(shiftKey ? "transfer-contact" : "consult");
}

async function park() {
  const hit = hits[chosen];
  if (hit?.kind !== "agent" || !(await command("park-contact", { key: hit.key }))) return;
  close(true);
  notice(text("parked-there", { target: hit.name }));
}

async function pass(way) {
  const hit = hits[chosen];
  if (!hit) return;
  const done = await command(way, { kind: hit.kind, key: hit.key });
  if (!done) return;
  close(true);
  if (way === "transfer-contact") tellPassed(hit);
}

/** Say where a contact went that was passed on without waiting. */
export function tellPassed({ kind, name }) {
  notice(text(kind === "queue" ? "passed-on-queue" : "passed-on", { target: name }));
}

// --- The keypad ---

function makeKeypad() {
  const pad = byId("keypad");
  byId("open-keypad").addEventListener("click", () => {
    showKeypad(pad.hidden);
    byId("keypad-sent").textContent = "";
    if (!pad.hidden) pad.querySelector("[data-digit]").focus();
  });
  pad.addEventListener("click", (event) => {
    const button = event.target.closest("[data-digit]");
    if (button) press(button.dataset.digit);
  });
  pad.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (/^[0-9*#]$/.test(event.key)) press(event.key);
    else if (event.key === "Escape") { showKeypad(false); byId("open-keypad").focus(); }
  });
}

function showKeypad(shown) {
  const pad = byId("keypad");
  if (pad.hidden !== shown) return;
  pad.hidden = !shown;
  byId("open-keypad").setAttribute("aria-expanded", String(shown));
  if (shown) pad.scrollIntoView({ block: "nearest" });
}

// One after the other: keys that overtake each other choose something else.
function press(digit) {
  byId("keypad-sent").textContent += digit;
  sending = sending.then(() => command("send-digits", { digits: digit }));
}
