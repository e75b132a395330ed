// The customer's chat page. The key of the chat stays in this tab: it survives a reload and nothing else.

import { text } from "../texts.js";
import { now as serverTime, setServerTime } from "../timers.js";
import { Lines, newToken, sendsOnEnter } from "./lines.js";
import { showsWriting, tellsWriting } from "./writing.js";

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5000;
const LIMIT = 25000;
const SEND_LIMIT = 10000;
const PERSISTENCE = 60000;
const RETRY_PAUSE = 1000;

const { chat, address } = document.body.dataset;
const stored = `cx-chat-${chat}`;
const byId = (id) => document.getElementById(id);
const lines = new Lines(byId("log"), { scroll: byId("scroll"), own: "customer", nameOf: (line) => (line.author === "customer" ? text("you") : line.name) });

let key = recall();
let mark = "";
let state = null;
let agent = "";
let unsent = null;
let listening = 0;
let read = 0;
const showWriting = showsWriting(byId("writing"), serverTime);

byId("start").addEventListener("submit", begin);
byId("write").addEventListener("submit", write);
byId("leave").addEventListener("click", leave);
byId("again").addEventListener("click", startAgain);
sendsOnEnter(byId("write-text"), byId("write"));
tellsWriting(byId("write-text"), () => { if (key && state === "talking") send("type", {}).catch(() => {}); });
// What came while nobody looked is read now.
document.addEventListener("visibilitychange", () => { if (key && !document.hidden && state !== "ended" && lines.last > read) listen(); });
window.addEventListener("pagehide", () => { if (key && state !== "ended") send("lose", {}, { keepalive: true }).catch(() => {}); });
// Who comes back from the history finds the page as it was, and its requests broken off.
window.addEventListener("pageshow", (event) => { if (event.persisted && key) listen(); });
window.addEventListener("online", () => { if (key && state !== "ended") listen(); });
if (key) {
  showTalk();
  listen();
}

async function begin(event) {
  event.preventDefault();
  const field = byId("start-text");
  if (!field.value.trim()) return complain("start-problem", text("empty"), field);
  // Pressed again because no answer came: the same request, so that one chat begins.
  unsent ??= { text: field.value, name: byId("start-name").value, address: byId("start-address").value, token: newToken() };
  const sent = { ...unsent, text: field.value };
  const answer = await attempt("start", sent, "start-problem", byId("start-send"), field);
  if (!answer) return;
  complain("start-problem", "");
  unsent = null;
  key = answer.key;
  keep(key);
  field.value = "";
  showTalk();
  byId("write-text").focus();
  listen();
}

async function write(event) {
  event.preventDefault();
  const field = byId("write-text");
  const words = field.value;
  if (!words.trim() || byId("write-send").disabled) return;
  if (unsent?.text !== words) unsent = { text: words, token: newToken() };
  if (!(await attempt("write", unsent, "write-problem", byId("write-send"), field))) return;
  complain("write-problem", "");
  unsent = null;
  field.value = "";
  field.focus();
}

// What the server answered; null when it did not do it, which is said in place. A network or core that is away is tried
// again for a while: the token lets the same line stand there once.
async function attempt(what, body, where, button, field) {
  complain(where, "");
  button.disabled = field.readOnly = true;
  try {
    return await persist(what, body, where);
  } finally {
    button.disabled = field.readOnly = false;
  }
}

async function persist(what, body, where) {
  for (const until = Date.now() + PERSISTENCE; ; await sleep(RETRY_PAUSE)) {
    const answer = await send(what, body).catch(() => null);
    if (answer?.status === 204) return {};
    const told = answer && (await answer.json().catch(() => ({})));
    if (answer?.ok) return told;
    if (answer && answer.status !== 503) {
      complain(where, told.detail ?? text("not-sent"));
      if (answer.status === 409) unsent = null;
      return null;
    }
    if (Date.now() > until) {
      complain(where, text("not-sent"));
      return null;
    }
    complain(where, text("sending"));
  }
}

function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function leave() {
  byId("leave").disabled = true;
  try {
    await send("leave", {});
  } catch {
    complain("write-problem", text("not-sent"));
  }
  byId("leave").disabled = false;
}

function send(what, body, more = {}) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  if (key) headers["X-Chat-Key"] = key;
  const signal = AbortSignal.timeout(SEND_LIMIT);
  return fetch(`${address}/${what}?lang=${document.documentElement.lang}`, { method: "POST", headers, body: JSON.stringify(body), signal, credentials: "omit", ...more });
}

// One request after another, each answered when there is something new. A later call takes over from an earlier one.
async function listen() {
  const turn = ++listening;
  let pause = FIRST_PAUSE;
  while (turn === listening && key) {
    try {
      const heard = await news();
      if (turn !== listening) return;
      pause = FIRST_PAUSE;
      online(true);
      show(heard);
      if (heard.state === "ended") return;
    } catch (error) {
      if (turn !== listening) return;
      if (error.gone) return show({ state: "ended", words: text("ended"), lines: [], mark: "", now: serverTime() });
      online(false);
      await sleep(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }
}

async function news() {
  if (!document.hidden) read = lines.last;
  const query = new URLSearchParams({ after: lines.last, read, mark, lang: document.documentElement.lang });
  const answer = await fetch(`${address}/news?${query}`, { headers: { "X-Chat-Key": key, Accept: "application/json" }, signal: AbortSignal.timeout(LIMIT), credentials: "omit" });
  if (answer.status === 401 || answer.status === 404) throw Object.assign(new Error("gone"), { gone: true });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

function show(heard) {
  mark = heard.mark;
  if (heard.state === "talking" && heard.agent !== agent && heard.agent) {
    lines.remark(text("joined", { name: heard.agent }));
    agent = heard.agent;
  } else if (heard.state === "waiting" && agent) {
    lines.remark(text("left", { name: agent }));
    agent = "";
  }
  lines.add(heard.lines);
  setServerTime(heard.now);
  showWriting(heard.writesUntil ?? null, text("writes", { name: heard.agent ?? "" }));
  state = heard.state;
  document.body.dataset.state = state;
  say(byId("standing"), standing(heard));
  if (state === "ended") end();
}

function standing(heard) {
  if (heard.state === "talking") return text("talking", { name: heard.agent });
  if (heard.state === "ended") return heard.words;
  if (!heard.place) return text("waiting");
  const count = heard.place - 1;
  return text(count > 1 ? "place" : `place-${count}`, { count });
}

function end() {
  forget();
  const focused = byId("write").contains(document.activeElement);
  byId("write").hidden = true;
  byId("again").hidden = false;
  say(byId("offline"), "");
  if (focused) byId("again").focus();
}

function startAgain() {
  key = null;
  listening += 1;
  state = null;
  agent = mark = "";
  read = 0;
  lines.clear();
  byId("talk").hidden = true;
  byId("start").hidden = false;
  document.body.dataset.state = "start";
  byId("start-text").focus();
}

function showTalk() {
  for (const id of ["start", "closed", "again"]) byId(id).hidden = true;
  for (const id of ["talk", "write"]) byId(id).hidden = false;
  say(byId("standing"), text("waiting"));
}

let offlineSince = null;

function online(there) {
  if (there === (offlineSince === null)) return;
  offlineSince = there ? null : Date.now();
  document.body.dataset.connection = there ? "live" : "lost";
  say(byId("offline"), text(there ? "back" : "offline"));
  if (there) setTimeout(() => { if (offlineSince === null) say(byId("offline"), ""); }, 4000);
}

function complain(where, words, field = null) {
  byId(where).textContent = words;
  field?.focus();
}

function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

// In a frame a browser may keep all storage from us; then a reload ends the chat for the customer.
function recall() {
  try {
    return sessionStorage.getItem(stored);
  } catch {
    return null;
  }
}

function keep(value) {
  try {
    sessionStorage.setItem(stored, value);
  } catch {
    // It works without.
  }
}

function forget() {
  try {
    sessionStorage.removeItem(stored);
  } catch {
    // There was none.
  }
}
