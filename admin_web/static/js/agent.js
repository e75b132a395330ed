// The agent's desk.

import { makeArranging } from "./arrange.js";
import { showCallerOf } from "./caller.js";
import { makeCalls, noteCalls } from "./calls.js";
import { chatMode, makeChat } from "./chat/desk.js";
import { chatParty, contactWay, isChat } from "./chat/written.js";
import { keepChoices, refreshChoices } from "./choices.js";
import { command } from "./commands.js";
import { goLive } from "./connection.js";
import { makeDeskListening } from "./desk_listening.js";
import { makeDesktopNotice } from "./desktop_notice.js";
import { makeDialling } from "./dialling.js";
import { makeExplanations } from "./explain.js";
import { expectRing, ringingOf, showIncoming } from "./incoming.js";
import { listenToKeys } from "./keyboard.js";
import { makeMenus } from "./menu.js";
import { makeNoteNumbers } from "./note_numbers.js";
import { makeNotes, showNotes } from "./notes.js";
import { error, news, notice } from "./notices.js";
import { agentState, agentWords, keepFocus, LiveTable, makeRow, showState, write } from "./render.js";
import { onOwnCallExpected } from "./own_device.js";
import { makeParked } from "./parked.js";
import { showRecording } from "./recording.js";
import { makeRingSwitch } from "./ring.js";
import { makeSearch } from "./search.js";
import { text, textOr } from "./texts.js";
import { clock, countDown, countUp, setLimit, timeOfDay } from "./timers.js";
import { makeTransfer, showTransfer } from "./transfer.js";

const me = document.body.dataset.agent;
const byId = (id) => document.getElementById(id);

let picture = null;
let lastContact = null;
let lastKey = null;
let askedToHangUp = false;
let before = null;
let dialled = null;
let endedHere = false;
let passedAt = null;

makeMenus();
listenToKeys();
makeExplanations();
makeRingSwitch();
makeDesktopNotice();
makeTransfer();
makeNotes(refreshChoices);
keepChoices();
makeNoteNumbers();
makeDialling();
makeSearch();
makeCalls();
makeArranging();
// Who has another telephone does not load it.
const softphone = document.body.dataset.softphone === "yes" ? (await import("./softphone/softphone.js")).makeSoftphone() : null;
const parked = makeParked(me, (contact) => { softphone?.expect(contact); expectRing(contact); });
const chat = makeChat(me);
const deskListening = makeDeskListening((contact) => softphone?.expect(contact));
onOwnCallExpected((what) => softphone?.expect(what));
const queues = new LiveTable(byId("queues"), { make: makeQueue, update: updateQueue });
const colleagues = new LiveTable(byId("colleagues"), { make: makeColleague, update: updateColleague });
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-command]");
  if (button) run(button);
});
goLive(show);

function show(latest) {
  picture = latest;
  const agent = picture.rows.agent.get(me);
  if (!agent) return;
  const contact = ownContact(agent);
  tellSteering(agent);
  showStatus(agent);
  tellPassedOn(agent);
  keepFocus(byId("contact"), () => {
    showContact(agent, contact);
    softphone?.show(agent, contact);
    chat.show(picture, agent, contactKey(agent), byId("contact").dataset.mode);
  });
  noteCalls(agent);
  parked.show(picture.rows.contact, agentName);
  deskListening.show(agent, agentName);
  queues.show(picture.rows.queue);
  showServing(agent);
  showColleagues();
  showAlarms();
}

// What somebody else changed is said, not only shown.
function tellSteering(agent) {
  const earlier = before;
  before = agent;
  if (!earlier || !agent.steeredBy) return;
  const name = agent.steeredBy;
  if (agent.status !== earlier.status || agent.reason !== earlier.reason) {
    const logsOn = earlier.status === "logged-off" && agent.status === "available";
    news(text(logsOn ? "steered-log-on" : `steered-${agent.status}`, { name, reason: (agent.reason ?? "").toLowerCase() }));
  }
  for (const [key, level] of levels(agent)) {
    const was = levels(earlier).get(key);
    if (was !== level) news(text(was ? "steered-level" : "steered-given", { name, queue: queueName(key), level }));
  }
  for (const key of levels(earlier).keys()) {
    if (!levels(agent).has(key)) news(text("steered-taken", { name, queue: queueName(key) }));
  }
}

// Who passed a contact on without waiting hears what became of it, and who consults or is consulted why that ended. A
// caller who is gone is told for longer: the agent may look elsewhere, and is in wrap-up all of a sudden.
function tellPassedOn(agent) {
  const at = agent.passed?.at ?? 0;
  const say = agent.passed?.end === "caller-left" ? news : notice;
  if (passedAt !== null && at > passedAt) say(text(`passed-${agent.passed.end}`, { target: agent.passed.to }));
  passedAt = at;
}

function levels(agent) {
  return new Map(agent.memberships.map((key, at) => [key, agent.levels[at] ?? 1]));
}

function ownContact(agent) {
  if (agent.directContact) return picture.rows.contact.get(agent.directContact) ?? null;
  const live = agent.contact ? picture.rows.contact.get(agent.contact) : null;
  if (live) lastContact = { ...live, consult: null };
  if (live) lastKey = agent.contact;
  if (agent.state === "ready") lastContact = null;
  return live ?? (agent.state === "wrap-up" ? lastContact : null);
}

function contactKey(agent) {
  return agent.directContact ?? agent.contact;
}

function modeOf(agent, contact) {
  if (contact?.consult?.by === me && contact.agent === me) return "consulting";
  if (agent.directContact && contact?.consult?.agent === me) return "consulted";
  if (agent.directContact) return "direct";
  if (contact?.state === "hearing") return "message";
  if (chatMode(agent, contact)) return chatMode(agent, contact);
  if (agent.state === "talking") return contact?.heldSince ? "held" : "talking";
  if (agent.state !== "ready") return agent.state;
  return { available: "ready", "on-break": "break", "logged-off": "off" }[agent.status];
}

function showStatus(agent) {
  const button = byId("status");
  const shape = button.querySelector("use");
  button.dataset.state = agent.status;
  shape.setAttribute("href", `#i-${agent.status}`);
  const words = text(agent.status);
  write(byId("status-text"), agent.status === "on-break" && agent.reason ? `${words}: ${agent.reason.toLowerCase()}` : words);
  for (const item of document.querySelectorAll("#status-panel [data-state]")) {
    const chosen = item.dataset.state === agent.status && (item.dataset.reason ?? agent.reason) === agent.reason;
    item.toggleAttribute("aria-current", chosen);
  }
}

function showContact(agent, contact) {
  const card = byId("contact");
  const mode = modeOf(agent, contact);
  const changed = card.dataset.mode !== mode;
  if (changed) moveOn(card, mode);
  showStateLine(agent, contact, mode);
  showCaller(contact, mode);
  showRecording(contact, mode);
  showListening(agent);
  showAfter(agent);
  showWarning(agent);
  showTransfer(me, contact, mode, contact ? party(contact) : "");
  showNotes(contactKey(agent), mode);
  showRinging(contact, mode);
  showConsulted(contact, mode);
  tellNotReached(contact, mode);
}

// A call out that comes to nothing ends as quietly as one that was ended here.
function tellNotReached(contact, mode) {
  if (mode === "direct" && !contact) return;
  const calling = mode === "direct" && contact.outbound && !contact.answeredAt;
  if (dialled && mode !== "direct" && !endedHere) notice(text("not-reached", { number: dialled }));
  if (mode !== "direct") endedHere = false;
  dialled = calling ? contact.dialled : null;
}

function showRinging(contact, mode) {
  const rings = ringingOf(mode, contact);
  byId("contact").dataset.rings = rings ?? "";
  for (const button of document.querySelectorAll('#contact [data-command="end-direct-call"]')) {
    button.hidden = !["direct", "consulted"].includes(mode) || (button.dataset.ringing === "yes") !== (rings !== null);
  }
  for (const name of ["open-transfer", "open-keypad"]) {
    byId(name).hidden = rings !== null || !byId(name).dataset.modes.split(" ").includes(mode);
  }
  const names = contact && { queue: queueName(contact.queue), caller: caller(contact), name: agentName(contact.consult?.by) };
  showIncoming(rings, contactKey(picture.rows.agent.get(me)), names);
}

// Who is consulted knows who hears what is said.
function showConsulted(contact, mode) {
  const words = mode === "consulted" ? text(`consulted-${contact.consult.state}`, { name: agentName(contact.consult.by) }) : "";
  if (byId("contact-consulted").textContent !== words) byId("contact-consulted").textContent = words;
}

function moveOn(card, mode) {
  card.dataset.mode = mode;
  askedToHangUp = false;
  for (const element of card.querySelectorAll("[data-modes]")) {
    element.hidden = !element.dataset.modes.split(" ").includes(mode);
  }
}

function stateWords(agent, contact, mode) {
  if (mode === "held") return text("held");
  if (mode === "consulting") return text("consulting");
  if (mode === "consulted") return text(contact.consult.state === "passing" ? "passed-by" : "consulted-by", { name: agentName(contact.consult.by) });
  if (mode === "direct" && !contact?.answeredAt) return text("direct-ringing");
  if (contact?.state === "calling-back") return text("calling-back");
  if (mode === "message") return text("hearing");
  if (mode === "chat" || mode === "chat-offered") return text(mode);
  if (mode === "offered" && contact?.voicemail) return text("message-offered");
  return mode === "offered" && contact?.callBack ? text("call-back-offered") : agentWords(agent);
}

function showStateLine(agent, contact, mode) {
  const state = { held: "held", message: "hearing", consulting: "talking" }[mode] ?? agentState(agent);
  showState(byId("contact-state"), state, stateWords(agent, contact, mode));
  const time = byId("contact-clock");
  if (mode === "wrap-up" && agent.wrapUpUntil) countDown(time, agent.wrapUpUntil);
  else if (mode === "held") countUp(time, contact.heldSince);
  else if (mode === "consulting" || mode === "consulted") countUp(time, contact.consult.since);
  else if (mode === "direct") countUp(time, contact?.answeredAt ?? contact?.openedAt ?? null, "");
  else if (mode === "talking" || mode === "message") countUp(time, contact?.answeredAt ?? agent.since);
  else countUp(time, agent.since, "");
}

function showCaller(contact, mode) {
  const about = ["offered", "talking", "chat", "chat-offered", "held", "message", "wrap-up", "direct", "consulting", "consulted"].includes(mode) ? contact : null;
  byId("contact-facts").hidden = !about;
  byId("contact-caller-holds").hidden = !about?.callerHolds || mode === "wrap-up";
  byId("contact-caller").textContent = about ? party(about) : "";
  byId("contact-name").textContent = showCallerOf(about ? contactKey(picture.rows.agent.get(me)) ?? lastKey : null, about);
  if (!about) return;
  if (isChat(about)) byId("contact-name").textContent = about.callerName ? about.caller : "";
  byId("contact-queue").textContent = queueName(about.queue);
  byId("contact-queue-line").hidden = byId("contact-waited-line").hidden = !about.queue;
  byId("contact-dialled").textContent = about.dialled;
  byId("contact-dialled-label").textContent = byId("contact-dialled-label").dataset[contactWay(about)];
  byId("contact-forwarded").textContent = about.forwarded ?? "";
  byId("contact-forwarded-line").hidden = !about.forwarded;
  const waited = byId("contact-waited");
  if (about.answeredAt && about.queuedAt) {
    countUp(waited, null, clock((about.answeredAt - about.queuedAt) / 1000));
  } else countUp(waited, about.queuedAt);
  byId("contact-message-line").hidden = !about.messageSeconds;
  if (about.messageSeconds) byId("contact-message").textContent = clock(Math.round(about.messageSeconds));
  byId("contact-talked-line").hidden = mode !== "held";
  if (mode === "held") countUp(byId("contact-talked"), about.answeredAt);
  byId("contact-why").textContent = mode === "offered" && about.offerReason ? textOr(`why-${about.offerReason}`, about.offerReason) : "";
}

// The other party, whoever called.
function party(contact) {
  return contact.outbound ? contact.dialled : caller(contact);
}

function agentName(id) {
  return picture.rows.agent.get(id)?.name ?? id;
}

function caller(contact) {
  if (isChat(contact)) return chatParty(contact);
  return contact.caller || text("anonymous");
}

function queueName(id) {
  return picture.rows.queue.get(id)?.name ?? id ?? "–";
}

function showAfter(agent) {
  const line = byId("contact-after");
  const later = agent.state !== "ready" && agent.status !== "available";
  line.hidden = !later;
  const status = agent.reason ? `${text(agent.status)} (${agent.reason.toLowerCase()})` : text(agent.status);
  if (later) line.textContent = text("after-contact", { status });
}

function showListening(agent) {
  const line = byId("listening");
  line.hidden = !agent.listening;
  const words = agent.listening ? text(`listening-told-${agent.listening}`) : "";
  if (line.textContent !== words) line.textContent = words;
}

function showWarning(agent) {
  const line = byId("warning");
  line.hidden = !agent.warning;
  const words = agent.warning ? textOr(agent.warning, agent.warning) : "";
  if (line.textContent !== words) line.textContent = words;
}

// Who logs on without a choice serves every queue of which he is a member.
function servedBy(agent) {
  return agent.status === "logged-off" && agent.serves.length === 0 ? agent.memberships : agent.serves;
}

function makeQueue(key, row) {
  const tr = makeRow(key, [["serve", "cx-check"], ["name", "cx-row-name"], ["level", "cx-number"], ["ready", "cx-number"], ["waiting", "cx-number"], ["longest", "cx-number"]]);
  const box = document.createElement("input");
  box.type = "checkbox";
  box.className = "utrecht-checkbox";
  box.setAttribute("aria-label", row.name);
  box.addEventListener("change", () => serve(key, box.checked));
  const label = document.createElement("label");
  label.className = "cx-box";
  label.append(box);
  tr.cells_.serve.append(label);
  tr.box_ = box;
  return tr;
}

function updateQueue(tr, row, key) {
  const cells = tr.cells_;
  const agent = picture.rows.agent.get(me);
  const serves = servedBy(agent).includes(key);
  tr.box_.checked = serves;
  tr.classList.toggle("cx-away", !serves);
  write(cells.name, row.name);
  write(cells.level, levels(agent).get(key) ?? "–");
  write(cells.ready, `${row.ready} / ${row.loggedOn}`);
  write(cells.waiting, row.waiting);
  cells.waiting.classList.toggle("cx-strong", row.waiting > 0);
  setLimit(cells.longest, row.targetSeconds);
  countUp(cells.longest, row.longestWaitingSince);
  cells.longest.title = text("target", { percent: row.targetPercent, seconds: row.targetSeconds });
}

async function serve(key, wanted, mayUndo = true) {
  const serves = new Set(servedBy(picture.rows.agent.get(me)));
  if (wanted) serves.add(key);
  else serves.delete(key);
  const done = await command("serve-queues", { queue_ids: [...serves] });
  if (!done) queues.show(picture.rows.queue);
  else if (mayUndo) notice(text(wanted ? "started-serving" : "stopped-serving", { queue: queueName(key) }), () => serve(key, !wanted, false));
}

function showServing(agent) {
  const total = agent.memberships.length;
  const count = servedBy(agent).length;
  const line = byId("serving");
  line.hidden = agent.status === "logged-off";
  write(line, count ? text("in-queues", { count, total }) : text("no-queues"));
  line.classList.toggle("cx-over", count === 0 && agent.status === "available");
  const counts = [text("handled-since", { count: agent.handled })];
  if (agent.directCalls) counts.push(text("direct-since", { count: agent.directCalls }));
  write(byId("handled"), agent.status === "logged-off" ? "" : counts.join(", "));
}

function makeColleague(key) {
  const tr = makeRow(key, [["name", "cx-row-name"], ["state", ""], ["since", "cx-number"]]);
  const badge = document.createElement("span");
  badge.className = "cx-state";
  tr.cells_.state.append(badge);
  tr.badge_ = badge;
  tr.listen_ = deskListening.button(key);
  if (tr.listen_) tr.cells_.state.append(" ", tr.listen_);
  return tr;
}

function updateColleague(tr, row) {
  write(tr.cells_.name, row.name);
  showState(tr.badge_, agentState(row), agentWords(row));
  if (tr.listen_) deskListening.update(tr.listen_, row, row.name);
  countUp(tr.cells_.since, agentState(row) === "logged-off" ? null : row.since, "");
  tr.classList.toggle("cx-away", agentState(row) === "logged-off");
}

function showColleagues() {
  const others = new Map([...picture.rows.agent].filter(([key]) => key !== me));
  const free = [...others.values()].filter((row) => agentState(row) === "available").length;
  colleagues.show(others);
  write(byId("colleague-count"), `${free} ${text("available")}`);
}

function showAlarms() {
  // A certificate that ends in some days is a matter for supervisors and operators: nothing is out of order yet.
  const broken = [...picture.rows.system].filter(([part, row]) => !row.healthy && part !== "certificate");
  const words = broken.map(([part, row]) => text("part-down", { part: textOr(`part-${part}`, part), time: timeOfDay(row.since) })).join(" ");
  if (byId("alarms-line").textContent !== words) byId("alarms-line").textContent = words;
}

async function run(button) {
  const name = button.dataset.command;
  if (name === "hang-up-contact" && !sureToHangUp()) return;
  if (name === "end-direct-call") endedHere = true;
  button.disabled = true;
  await command(...request(name, button));
  button.disabled = false;
}

function request(name, button) {
  const agent = picture?.rows.agent.get(me);
  if (name === "available") {
    return agent?.status === "logged-off" ? ["log-on", { queue_ids: agent.serves }] : ["become-available"];
  }
  if (name === "go-on-break") return [name, { reason: button.dataset.reason }];
  if (name === "extend-wrap-up") return [name, { seconds: 60 }];
  return [name];
}

// A caller who waits on hold would be cut off unheard: that takes a second press.
function sureToHangUp() {
  if (byId("contact").dataset.mode !== "held" || askedToHangUp) return true;
  askedToHangUp = true;
  error(text("again-to-hang-up"));
  return false;
}
