// The supervisor's desk.

import { showAlarms } from "./alarms.js";
import { steerable, steerContact, talks } from "./assigning.js";
import { makeBeepSwitch } from "./beep.js";
import { keepChannels } from "./channels.js";
import { chatParty, isChat } from "./chat/written.js";
import { goLive } from "./connection.js";
import { makeExplanations } from "./explain.js";
import { listenToKeys } from "./keyboard.js";
import { limitOf, looksAt, makeLooking, showChoice } from "./floor_view.js";
import { makeMenus } from "./menu.js";
import { agentState, agentWords, LiveTable, makeRow, showChannel, showState, write } from "./render.js";
import { makeSortable } from "./sort.js";
import { makeSteering, maySteer, opener, openWords, showSteering, steerAgent, steerQueue } from "./steering.js";
import { text, textOr } from "./texts.js";
import { clock, countUp, setLimit } from "./timers.js";
import { keepToday } from "./today.js";
import { addTrend, keepTrends, showTrends } from "./trends.js";

const FIGURES = ["waiting", "longest", "expected", "ready", "talking", "loggedOn", "offered", "answered", "abandoned", "quickDrops", "averageWait"];
const SUMS = ["waiting", "ready", "talking", "loggedOn", "offered", "answered", "abandoned", "quickDrops"];
const title = document.title;
const byId = (id) => document.getElementById(id);

let picture = null;
let contactKeys = new Set();

makeMenus();
listenToKeys();
makeExplanations();
makeSteering();
const contactEnded = keepToday();
const queues = new LiveTable(byId("queues"), { make: makeQueue, update: updateQueue });
const agents = new LiveTable(byId("agents"), { make: makeAgent, update: updateAgent });
const showChannels = keepChannels();
const contacts = byId("contacts") && new LiveTable(byId("contacts"), { make: makeContact, update: updateContact, order: byStage });
makeSortable(byId("queues"), queues, {
  name: (row) => row.name, open: (row) => openWords(row), expected: (row) => row.expectedWait ?? -1, longest: (row) => -(row.longestWaitingSince ?? Infinity),
  ...Object.fromEntries([...SUMS, "averageWait", "serviceLevel"].map((name) => [name, (row) => row[name] ?? -1])),
}, () => queues.show(picture.rows.queue));
makeSortable(byId("agents"), agents, {
  agent: (row) => row.name, state: (row) => agentWords(row), since: (row) => -(row.since ?? Infinity),
  contact: (row) => callerOf(row.contact), serves: (row) => row.serves.length, handled: (row) => row.handled,
  handling: (row) => row.averageHandling ?? -1,
}, () => agents.show(picture.rows.agent));
if (contacts) makeSortable(byId("contacts"), contacts, {
  caller: (row) => partyOf(row), queue: (row) => queueName(row.queue), stage: (row) => stageOf(row).words,
  stageSince: (row) => -(stageOf(row).since ?? Infinity),
}, () => contacts.show(picture.rows.contact));
makeHiding();
makeLooking(() => picture && show(picture));
makeBeepSwitch();
keepTrends();
goLive(show);

function show(latest) {
  picture = latest;
  const { queue, agent, contact } = picture.rows;
  showChoice(queue);
  showSteering(picture.rows);
  queues.show(queue);
  showTrends(queue);
  showTotals(queue);
  showChannels(queue);
  agents.show(agent);
  showAgentCount(agent);
  if (contacts) showContacts(contact);
  showAlarms(picture.rows);
  showTitle(queue);
}

function makeQueue(key) {
  const tr = makeRow(key, [["name", "cx-row-name"], ["open", ""], ...FIGURES.map((name) => [name, "cx-number"]), ["serviceLevel", "cx-level"], ["trend", "cx-trend-cell"]]);
  addLevel(tr);
  addTrend(tr.cells_.trend, key);
  addOpening(tr, key);
  return tr;
}

function addOpening(tr, key) {
  const badge = document.createElement("span");
  badge.className = "cx-state";
  const holder = maySteer ? opener("cx-cell-button", () => steerQueue(key)) : tr.cells_.open;
  const decided = document.createElement("span");
  decided.className = "cx-decided";
  holder.append(badge, decided);
  if (maySteer) tr.cells_.open.append(holder);
  Object.assign(tr, { opening_: badge, opener_: holder, decided_: decided });
}

function addLevel(tr) {
  const figure = document.createElement("span");
  figure.className = "cx-level__figure";
  const meter = document.createElement("span");
  meter.className = "cx-level__bar";
  meter.setAttribute("aria-hidden", "true");
  const fill = document.createElement("span");
  fill.className = "cx-level__fill";
  const mark = document.createElement("span");
  mark.className = "cx-level__target";
  meter.append(fill, mark);
  const words = document.createElement("span");
  words.className = "cx-level__words";
  tr.cells_.serviceLevel.append(figure, meter, words);
  tr.level_ = { figure, fill, mark, meter, words };
}

function updateQueue(tr, row) {
  const cells = tr.cells_;
  write(cells.name, row.name);
  const opening = row.open ? "queue-open" : "queue-closed";
  showState(tr.opening_, opening, text(opening));
  write(tr.decided_, row.steered ? text("supervisor") : "");
  if (maySteer) tr.opener_.setAttribute("aria-label", text("switch-queue", { queue: row.name, state: openWords(row) }));
  for (const name of SUMS) write(cells[name], row[name]);
  cells.waiting.classList.toggle("cx-strong", row.waiting > 0);
  cells.ready.classList.toggle("cx-over", row.waiting > 0 && row.loggedOn === 0);
  setLimit(cells.longest, row.targetSeconds);
  countUp(cells.longest, row.longestWaitingSince);
  write(cells.expected, row.expectedWait === null ? "–" : clock(row.expectedWait));
  write(cells.averageWait, row.averageWait === null ? "–" : clock(Math.round(row.averageWait)));
  showLevel(tr.level_, row.serviceLevel, row.targetPercent);
  tr.cells_.serviceLevel.title = text("target", { percent: row.targetPercent, seconds: row.targetSeconds });
}

function showLevel(level, percent, target) {
  write(level.figure, percent === null ? "–" : `${Math.round(percent)} %`);
  level.meter.hidden = percent === null;
  const below = percent !== null && percent < target;
  level.fill.style.inlineSize = `${percent ?? 0}%`;
  level.mark.style.insetInlineStart = `${target}%`;
  level.meter.classList.toggle("cx-level__bar--below", below);
  level.figure.classList.toggle("cx-over", below);
  write(level.words, percent === null ? "" : text(below ? "below-target" : "on-target"));
}

function showTotals(rows) {
  const foot = byId("queues").tFoot;
  if (!foot.rows.length) {
    const made = makeRow("total", [["name", "cx-row-name"], ["open", ""], ...FIGURES.map((name) => [name, "cx-number"]), ["serviceLevel", "cx-level"], ["trend", "cx-trend-cell"]]);
    foot.append(made);
  }
  const { cells_: cells } = foot.rows[0];
  const all = [...rows.values()];
  const sum = (name) => all.reduce((total, row) => total + row[name], 0);
  write(cells.name, text("total"));
  for (const name of ["waiting", "offered", "answered", "abandoned", "quickDrops"]) write(cells[name], sum(name));
  // An agent serves several queues: people are counted once, from their own rows.
  const people = [...picture.rows.agent.values()];
  write(cells.ready, people.filter((row) => agentState(row) === "available" && row.serves.length).length);
  write(cells.talking, people.filter((row) => row.state === "talking").length);
  write(cells.loggedOn, people.filter((row) => row.status !== "logged-off").length);
  countUp(cells.longest, earliest(all));
  write(cells.averageWait, averageOf(all));
  write(levelFigure(cells.serviceLevel), levelOf(all));
}

function levelFigure(cell) {
  if (!cell.firstElementChild) {
    const figure = document.createElement("span");
    figure.className = "cx-level__figure";
    cell.append(figure);
  }
  return cell.firstElementChild;
}

function earliest(rows) {
  const since = rows.map((row) => row.longestWaitingSince).filter((each) => each !== null);
  return since.length ? Math.min(...since) : null;
}

function averageOf(rows) {
  const counted = rows.filter((row) => row.averageWait !== null);
  const answered = counted.reduce((total, row) => total + row.answered, 0);
  const waited = counted.reduce((total, row) => total + row.averageWait * row.answered, 0);
  return answered ? clock(Math.round(waited / answered)) : "–";
}

function levelOf(rows) {
  const offered = rows.reduce((total, row) => total + row.offered, 0);
  const inTime = rows.reduce((total, row) => total + row.answeredInTime, 0);
  return offered ? `${Math.round((100 * inTime) / offered)} %` : "–";
}

function makeAgent(key) {
  const tr = makeRow(key, [["agent", "cx-row-name"], ["state", ""], ["since", "cx-number"], ["contact", "cx-figures"], ["serves", "cx-list"], ["handled", "cx-number"], ["handling", "cx-number"]]);
  const badge = document.createElement("span");
  badge.className = "cx-state";
  const warning = document.createElement("span");
  warning.className = "cx-warning";
  const after = document.createElement("span");
  after.className = "cx-decided";
  tr.cells_.state.append(badge, after, warning);
  const name = maySteer ? opener("cx-cell-button", () => steerAgent(key)) : tr.cells_.agent;
  if (maySteer) tr.cells_.agent.append(name);
  Object.assign(tr, { badge_: badge, warning_: warning, after_: after, name_: name });
  return tr;
}

function updateAgent(tr, row) {
  const state = heldContact(row) ? "held" : agentState(row);
  tr.dataset.state = state;
  tr.hidden = !looksAt(row.memberships);
  tr.classList.toggle("cx-away", state === "logged-off");
  write(tr.name_, row.name);
  showState(tr.badge_, state, state === "held" ? text("held") : agentWords(row));
  const later = row.state !== "ready" && row.status !== "available";
  const next = later ? text("afterwards", { status: text(row.status) }) : "";
  write(tr.after_, [next, row.listening ? text("listening-other") : ""].filter(Boolean).join("; "));
  write(tr.warning_, warningOf(row));
  setLimit(tr.cells_.since, limitOf(state));
  countUp(tr.cells_.since, state === "logged-off" ? null : row.since);
  write(tr.cells_.contact, callerOf(row.directContact ?? row.contact));
  write(tr.cells_.serves, row.serves.map((queue) => servedAt(row, queue)).join(", ") || "–");
  write(tr.cells_.handled, row.directCalls ? `${row.handled} + ${row.directCalls}` : row.handled);
  write(tr.cells_.handling, row.averageHandling === null ? "–" : clock(row.averageHandling));
}

function warningOf(row) {
  if (row.returning) return text("softphone-returning");
  if (row.deviceFault && row.status !== "logged-off") return textOr(`softphone-${row.deviceFault}-short`, row.deviceFault);
  return row.warning ? textOr(`${row.warning}-short`, row.warning) : "";
}

function servedAt(row, queue) {
  const level = row.levels[row.memberships.indexOf(queue)] ?? 1;
  return level > 1 ? `${queueName(queue)} (${level})` : queueName(queue);
}

function heldContact(row) {
  return row.contact && picture.rows.contact.get(row.contact)?.heldSince;
}

function partyOf(contact) {
  if (isChat(contact)) return chatParty(contact);
  return (contact.outbound ? contact.dialled : contact.caller) || contact.callerName || text("anonymous");
}

function callerOf(key) {
  const contact = key && picture.rows.contact.get(key);
  return contact ? partyOf(contact) : "–";
}

function queueName(key) {
  return picture.rows.queue.get(key)?.name ?? key ?? "–";
}

function showAgentCount(rows) {
  const shown = [...rows.values()].filter((row) => looksAt(row.memberships));
  const there = shown.filter((row) => row.status !== "logged-off").length;
  write(byId("agent-count"), text("agents-there", { count: there, total: shown.length }));
}

function makeContact(key) {
  const tr = makeRow(key, [["caller", "cx-row-name cx-figures"], ["queue", ""], ["stage", ""], ["stageSince", "cx-number"], ...(maySteer ? [["move", ""]] : [])]);
  if (maySteer) addMoving(tr, key);
  const link = document.createElement("a");
  link.className = "cx-cell-link";
  link.href = `${document.body.dataset.contacts}/${encodeURIComponent(key)}`;
  tr.cells_.caller.append(link);
  const badge = document.createElement("span");
  badge.className = "cx-state";
  tr.cells_.stage.append(badge);
  const line = tr.cells_.caller.appendChild(document.createElement("span"));
  line.className = "cx-decided";
  const channel = line.appendChild(document.createElement("span"));
  Object.assign(tr, { badge_: badge, link_: link, channel_: channel });
  return tr;
}

function addMoving(tr, key) {
  const button = opener("cx-cell-button", () => steerContact(key, tr.link_.textContent));
  tr.cells_.move.append(button);
  tr.mover_ = button;
}

function updateContact(tr, row) {
  const { state, words, since } = stageOf(row);
  tr.hidden = !looksAt([row.queue]);
  write(tr.link_, partyOf(row));
  showChannel(tr.channel_, row.callBack ? "call-back" : row.channel);
  write(tr.cells_.queue, row.queue ? queueName(row.queue) : "–");
  if (maySteer) {
    const taking = talks(row);
    tr.mover_.hidden = !steerable(row);
    write(tr.mover_, text(taking ? "take-over" : "assign"));
    tr.mover_.setAttribute("aria-label", text(taking ? "take-over-which" : "assign-which", { caller: tr.link_.textContent }));
  }
  showState(tr.badge_, state, words);
  setLimit(tr.cells_.stageSince, state === "waiting" && !row.voicemail ? picture.rows.queue.get(row.queue)?.targetSeconds ?? null : null);
  countUp(tr.cells_.stageSince, since);
}

function stageOf(row) {
  const name = (key) => picture.rows.agent.get(key)?.name ?? key;
  if (row.consult?.state === "passing") return { state: "passing", words: text("passing-to", { name: row.consult.target }), since: row.consult.since };
  if (row.consult) return { state: "held", words: text("consulting-with", { name: name(row.agent), target: row.consult.target }), since: row.consult.since };
  if (row.heldSince) return { state: "held", words: text("held-by", { name: name(row.agent) }), since: row.heldSince };
  if (row.state === "talking") return { state: "talking", words: text("talking-to", { name: name(row.agent) }), since: row.answeredAt };
  if (row.state === "hearing") return { state: "hearing", words: text("heard-by", { name: name(row.agent) }), since: row.answeredAt };
  if (row.state === "direct") {
    const words = text(row.answeredAt ? "direct-with" : "direct-rings-at", { name: name(row.agent) });
    return { state: "direct", words, since: row.answeredAt ?? row.openedAt };
  }
  if (row.offeredTo) {
    const names = [row.offeredTo, ...row.alsoOfferedTo].map(name).join(", ");
    return { state: "offered", words: text("offered-to", { name: names }), since: row.queuedAt };
  }
  if (row.state === "waiting") {
    const at = row.voicemail ? "message-at" : row.callBack ? "call-back-at" : "waiting-at";
    const words = row.position ? text(at, { position: row.position }) : text("waiting");
    return { state: "waiting", words, since: row.queuedAt };
  }
  return { state: row.state, words: text(row.state), since: row.answeredAt ?? row.openedAt };
}

// Who waits longest stands on top; then those whom somebody helps already.
function byStage(a, b) {
  const rank = (row) => ({ waiting: 0, "in-flow": 1, "call-back": 1, "calling-back": 2, talking: 2, hearing: 2, direct: 2, transferred: 3 })[row.voicemail && row.state === "waiting" ? "call-back" : row.state] ?? 4;
  return rank(a) - rank(b) || (a.queuedAt ?? a.openedAt) - (b.queuedAt ?? b.openedAt);
}

function showContacts(rows) {
  contacts.show(rows);
  const shown = [...rows.values()].filter((row) => looksAt([row.queue])).length;
  byId("contacts").closest(".cx-scroll").hidden = shown === 0;
  byId("contacts-empty").hidden = shown > 0;
  write(byId("contact-count"), shown || "");
  if ([...contactKeys].some((key) => !rows.has(key))) contactEnded();
  contactKeys = new Set(rows.keys());
}

function showTitle(rows) {
  const count = [...rows.values()].reduce((total, row) => total + row.waiting, 0);
  document.title = count ? `${text("waiting-title", { count })} · ${title}` : title;
}

function makeHiding() {
  const box = byId("hide-logged-off");
  const apply = () => byId("agents").classList.toggle("cx-hide-logged-off", box.checked);
  box.checked = localStorage.getItem("cx-hide-logged-off") === "yes";
  box.addEventListener("change", () => {
    localStorage.setItem("cx-hide-logged-off", box.checked ? "yes" : "no");
    apply();
  });
  apply();
}
