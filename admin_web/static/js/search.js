// The search in the header: type, choose with the arrows, Enter shows what can be done with who was found.

import { command } from "./commands.js";
import { inConversation } from "./dialling.js";
import { findInDirectory } from "./directory.js";
import { error } from "./notices.js";
import { showState } from "./render.js";
import { text } from "./texts.js";
import { option, tellPassed } from "./transfer.js";

const PAUSE = 30;
const byId = (id) => document.getElementById(id);

const field = byId("search");
const panel = byId("search-panel");
const list = byId("search-hits");
const card = byId("search-card");

let hits = [];
let chosen = 0;
let asked = 0;
let due = null;

/** Make the field, its list and the card work. */
export function makeSearch() {
  field.addEventListener("input", () => { clearTimeout(due); due = setTimeout(search, PAUSE); });
  field.addEventListener("focus", () => { if (field.value.trim() && panel.hidden) search(); });
  byId("search-box").addEventListener("keydown", onKey);
  list.addEventListener("click", (event) => {
    const at = [...list.children].indexOf(event.target.closest("[role=option]"));
    if (at >= 0) { choose(at); openCard(); }
  });
  card.addEventListener("click", (event) => { if (event.target.closest("button")) { close(); field.value = ""; } });
  document.addEventListener("pointerdown", (event) => { if (!byId("search-box").contains(event.target)) close(); });
  byId("search-box").addEventListener("focusout", (event) => {
    if (event.relatedTarget && !byId("search-box").contains(event.relatedTarget)) close();
  });
}

async function search() {
  clearTimeout(due);
  asked += 1;
  const mine = asked;
  if (!field.value.trim()) { close(); return; }
  try {
    const found = await findInDirectory(field.value);
    if (mine === asked) show(found);
  } catch {
    if (mine === asked) error(text("no-search"));
  }
}

function show(found) {
  hits = found;
  card.hidden = true;
  list.hidden = panel.hidden = false;
  list.replaceChildren(...hits.map((hit, at) => option(hit, at, "found")));
  field.setAttribute("aria-expanded", String(hits.length > 0));
  byId("search-count").textContent = hits.length ? text("hits", { count: hits.length }) : text("no-hits");
  choose(0);
}

function choose(at) {
  if (at < 0 || at >= hits.length) { field.removeAttribute("aria-activedescendant"); return; }
  chosen = at;
  [...list.children].forEach((each, index) => each.setAttribute("aria-selected", String(index === at)));
  field.setAttribute("aria-activedescendant", `found-${at}`);
  list.children[at].scrollIntoView({ block: "nearest" });
}

function close() {
  clearTimeout(due);
  asked += 1;
  panel.hidden = card.hidden = true;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function onKey(event) {
  if (event.key === "Escape") escape();
  else if (event.target !== field) return;
  else if (event.key === "ArrowDown" && !list.hidden) choose(Math.min(chosen + 1, hits.length - 1));
  else if (event.key === "ArrowUp" && !list.hidden) choose(Math.max(chosen - 1, 0));
  else if (event.key === "Enter") enter();
  else return;
  event.preventDefault();
}

// From the card back to the list, from the list back to the page.
function escape() {
  if (card.hidden) { close(); return; }
  card.hidden = true;
  list.hidden = false;
  field.setAttribute("aria-expanded", "true");
  field.focus();
}

// What was typed last counts, also when its answer is still on the way.
async function enter() {
  await search();
  if (hits.length) openCard();
}

// --- The card of one who was found ---

function openCard() {
  const hit = hits[chosen];
  if (!hit) return;
  byId("card-name").textContent = hit.name;
  byId("card-detail").textContent = hit.detail;
  showState(byId("card-state"), hit.state, hit.words);
  byId("card-state").hidden = !hit.state;
  byId("card-calendar").hidden = true;
  byId("card-ways").replaceChildren(...waysTo(hit));
  list.hidden = true;
  card.hidden = panel.hidden = false;
  field.setAttribute("aria-expanded", "false");
  byId("search-count").textContent = "";
  if (hit.employee) fetchEmployee(hit);
  byId("card-ways").querySelector("button")?.focus();
}

function waysTo(hit) {
  if (inConversation()) return passings(hit);
  if (hit.kind === "queue") return [said(text("queue-in-call"))];
  if (hit.numbers.length === 0) return [said(text("no-number", { name: hit.name }))];
  return hit.numbers.map((each, at) => {
    const made = button(text("call-number", { number: each.shown }), at === 0);
    made.dataset.call = each.number;
    return made;
  });
}

function passings(hit) {
  const ways = [["consult", text("consult"), true, {}], ["transfer-contact", text("transfer"), false, {}]];
  if (hit.kind === "employee") {
    for (const each of hit.numbers.slice(1)) ways.push(["consult", text("consult-number", { number: each.shown }), false, { number: each.number }]);
  }
  return ways.map(([way, words, first, more]) => {
    const made = button(words, first);
    made.addEventListener("click", () => pass(way, hit, more));
    return made;
  });
}

async function pass(way, hit, more) {
  const done = await command(way, { kind: hit.kind, key: hit.key, ...more });
  if (done && way === "transfer-contact") tellPassed(hit);
}

function button(words, first) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `utrecht-button utrecht-button--${first ? "primary" : "secondary"}-action`;
  made.textContent = words;
  return made;
}

function said(words) {
  const made = document.createElement("p");
  made.textContent = words;
  return made;
}

async function fetchEmployee(hit) {
  try {
    const answer = await fetch(`/agent/employees/${encodeURIComponent(hit.employee)}`, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(5000) });
    if (!answer.ok || hits[chosen] !== hit) return;
    showEmployee(await answer.json());
  } catch {
    // The numbers are there; only the calendar and the address are missing.
  }
}

function showEmployee(found) {
  if (found.email) {
    const link = document.createElement("a");
    link.href = `mailto:${encodeURIComponent(found.email).replace("%40", "@")}`;
    link.className = "utrecht-link";
    link.textContent = `${text("mail")}: ${found.email}`;
    byId("card-ways").append(link);
  }
  if (found.calendar === null) return;
  const periods = found.calendar.length ? found.calendar : [text("free-today")];
  byId("card-periods").replaceChildren(...periods.map((words) => {
    const item = document.createElement("li");
    item.textContent = words;
    return item;
  }));
  byId("card-calendar").hidden = false;
}
