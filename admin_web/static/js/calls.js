// The agent's own calls: rows that the server wrote, fetched anew when something happened to the agent.

import { text } from "./texts.js";

// Facts are in the database some 0.3 s after they are shown; the later looks catch what an earlier one came too early for.
const LOOKS = [250, 650, 1600];
const EVERY = 60000;
const MOST_BELOW = 200;
const byId = (id) => document.getElementById(id);

let list = null;
let seen = null;
let timers = [];
let asked = 0;
// Whether the agent asked for more than the first page. Otherwise the list would grow with each call of a day.
let opened = false;

/** Make the list, its kinds and its further pages work. */
export function makeCalls() {
  list = byId("calls");
  byId("call-kinds").addEventListener("change", () => { opened = false; list.replaceChildren(); look(); });
  byId("calls-more").addEventListener("click", showMore);
  list.addEventListener("keydown", walk);
  setInterval(look, EVERY);
  look();
}

/** Tell what the agent's own row says now; whatever ended or began is soon in the list. */
export function noteCalls(agent) {
  const now = [agent.contact, agent.directContact, agent.state, agent.warning, agent.handled, agent.directCalls].join();
  if (seen !== null && seen !== now) {
    timers.forEach(clearTimeout);
    timers = LOOKS.map((delay) => setTimeout(look, delay));
  }
  seen = now;
}

async function look() {
  const rows = await page();
  if (rows) put(rows);
}

// What stands below the first page stays; its rows are only replaced by those of the same call.
function put(rows) {
  const fresh = new Set(rows.map((row) => row.dataset.key));
  const last = rows.at(-1);
  const below = last?.dataset.more === "yes" ? [...list.children].filter((row) => !fresh.has(row.dataset.key) && row.dataset.at < last.dataset.at) : [];
  const kept = below.slice(0, opened ? MOST_BELOW : 0);
  if (kept.length < below.length) (kept.at(-1) ?? last).dataset.more = "yes";
  draw([...rows, ...kept]);
}

async function showMore() {
  const last = list.lastElementChild;
  const rows = last ? await page({ at: last.dataset.at, after: last.dataset.key }) : null;
  if (!rows) return;
  opened = true;
  draw([...list.children, ...rows]);
  const first = rows.map((row) => row.querySelector("button")).find(Boolean);
  if (first) { setStop(first); first.focus(); }
}

function draw(rows) {
  const focused = document.activeElement?.closest("#calls tr")?.dataset.key;
  const drawn = new Map([...list.children].map((row) => [row.dataset.key, row]));
  list.replaceChildren(...rows.map((row) => (same(drawn.get(row.dataset.key), row) ? drawn.get(row.dataset.key) : row)));
  if (focused) [...list.children].find((row) => row.dataset.key === focused)?.querySelector("button")?.focus({ preventScroll: true });
  setStop(list.contains(document.activeElement) ? document.activeElement : list.querySelector("button"));
  const none = list.children.length === 0;
  byId("calls-empty").hidden = !none;
  list.closest(".cx-scroll").hidden = none;
  byId("calls-more").hidden = list.lastElementChild?.dataset.more !== "yes";
}

// The list is one stop for Tab; the arrows walk its numbers.
function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const buttons = [...list.querySelectorAll("button")];
  const next = buttons[buttons.indexOf(document.activeElement) + step];
  if (!next) return;
  event.preventDefault();
  setStop(next);
  next.focus();
}

function setStop(stop) {
  for (const button of list.querySelectorAll("button")) button.tabIndex = button === stop ? 0 : -1;
}

function same(one, other) {
  if (one === undefined) return false;
  const [was, is] = [one, other].map((row) => row.innerHTML.replace(/ tabindex="-?\d"/g, ""));
  return was === is && one.dataset.more === other.dataset.more;
}

async function page(after = {}) {
  asked += 1;
  const mine = asked;
  const kind = document.querySelector('[name="call-kind"]:checked').value;
  const query = new URLSearchParams({ kind, ...after });
  try {
    const answer = await fetch(`${document.body.dataset.calls}?${query}`, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(8000) });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const body = document.createElement("tbody");
    body.innerHTML = await answer.text();
    list.closest("section").title = "";
    return mine === asked ? [...body.children] : null;
  } catch {
    // What stands there stays; the next round tries again.
    list.closest("section").title = text("calls-not-fetched");
    return null;
  }
}
