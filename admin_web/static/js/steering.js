// A supervisor steers others: dialogs about an agent or a queue; `assigning.js` has that of a contact. What can be undone
// is done at once; sending callers away is asked for twice.

import { makeContactSteering, showContactSteering } from "./assigning.js";
import { command } from "./commands.js";
import { makeListening, showListening, showOwnListening } from "./listening.js";
import { notice } from "./notices.js";
import { agentState, agentWords, showState, write } from "./render.js";
import { text } from "./texts.js";

const LEVELS = 5;
const byId = (id) => document.getElementById(id);
const path = (kind, key, name) => `${kind}/${encodeURIComponent(key)}/${name}`;

let rows = null;
let agentKey = null;
let queueKey = null;

/** Whether whoever looks may steer. */
export const maySteer = Boolean(byId("agent-dialog"));

/** Make the dialogs work. */
export function makeSteering() {
  if (!maySteer) return;
  byId("agent-status-form").addEventListener("click", (event) => {
    const { steer } = event.target.closest("[data-steer]")?.dataset ?? {};
    if (steer) changeStatus(steer);
  });
  makeListening(() => agentKey, () => { if (byId("agent-dialog").open) showAgent(); });
  submits("agent-queues-form", saveQueues);
  submits("queue-form", switchQueue);
  submits("confirm-form", sendAway);
  makeContactSteering();
  byId("queue-form").addEventListener("change", showQueueChoice);
  byId("confirm-dialog").addEventListener("close", confirmClosed);
  for (const button of document.querySelectorAll("[data-close-dialog]")) {
    button.addEventListener("click", () => button.closest("dialog").close());
  }
}

/** Keep open dialogs in step with the floor. */
export function showSteering(latest) {
  rows = latest;
  if (!maySteer) return;
  showOwnListening(rows.agent);
  if (byId("agent-dialog").open) showAgent();
  if (byId("queue-dialog").open) showQueueChoice();
  showContactSteering(rows);
}

/** A button in a row that opens a dialog about its object. */
export function opener(classes, open) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = classes;
  button.setAttribute("aria-haspopup", "dialog");
  button.addEventListener("click", open);
  return button;
}

function submits(id, act) {
  byId(id).addEventListener("submit", (event) => {
    event.preventDefault();
    act(event.target);
  });
}

async function steer(kind, key, name, body = {}) {
  return command(path(kind, key, name), body);
}

// --- An agent --------------------------------------------------------------------------------------------------------

/** Open the dialog about an agent. */
export function steerAgent(key) {
  agentKey = key;
  showAgent();
  listQueues();
  byId("agent-dialog").showModal();
}

function showAgent() {
  const agent = rows.agent.get(agentKey);
  if (!agent) {
    byId("agent-dialog").close();
    return;
  }
  write(byId("agent-dialog-heading"), agent.name);
  showState(byId("agent-dialog-state"), agentState(agent), agentWords(agent));
  showListening(agentKey, agent);
  for (const element of byId("agent-status-form").querySelectorAll("[data-for]")) {
    element.hidden = !element.dataset.for.split(" ").includes(agent.status);
  }
}

function listQueues() {
  const agent = rows.agent.get(agentKey);
  const list = byId("agent-queues");
  list.replaceChildren(...[...rows.queue].map(([key, queue]) => queueLine(key, queue, levelOf(agent, key))));
}

function levelOf(agent, key) {
  const at = agent.memberships.indexOf(key);
  return at < 0 ? 0 : agent.levels[at] ?? 1;
}

function queueLine(key, queue, level) {
  const line = byId("agent-queue-line").content.firstElementChild.cloneNode(true);
  const select = line.querySelector("select");
  const label = line.querySelector("label");
  select.id = `level-${key}`;
  label.htmlFor = select.id;
  label.textContent = queue.name;
  select.dataset.queue = key;
  select.dataset.level = level;
  select.append(new Option(text("no-member"), 0));
  for (let each = 1; each <= Math.max(LEVELS, level); each += 1) select.append(new Option(text("level", { level: each }), each));
  select.value = level;
  return line;
}

async function changeStatus(name) {
  const agent = rows.agent.get(agentKey);
  const key = agentKey;
  const reason = byId("agent-break-reason").value;
  const done = await steer("agents", key, name, name === "go-on-break" ? { reason } : {});
  if (!done) return;
  byId("agent-dialog").close();
  notice(text(`did-${name}`, { name: agent.name, reason: reason.toLowerCase() }), () => undoStatus(key, agent));
}

function undoStatus(key, before) {
  if (before.status === "logged-off") return steer("agents", key, "log-off");
  if (before.status === "on-break") return steer("agents", key, "go-on-break", { reason: before.reason });
  return steer("agents", key, "log-on", { queue_ids: before.serves });
}

async function saveQueues(form) {
  const changed = [...form.querySelectorAll("select")].filter((each) => each.value !== each.dataset.level);
  const { name } = rows.agent.get(agentKey);
  for (const select of changed) {
    const done = await saveLevel(agentKey, select);
    if (!done) return;
    select.dataset.level = select.value;
  }
  byId("agent-dialog").close();
  if (changed.length) notice(text("did-assign", { name }));
}

function saveLevel(key, select) {
  const body = { queue_id: select.dataset.queue };
  if (select.value === "0") return steer("agents", key, "remove-from-queue", body);
  return steer("agents", key, "assign-queue", { ...body, level: Number(select.value) });
}

// --- A queue ---------------------------------------------------------------------------------------------------------

/** Open the dialog about a queue. */
export function steerQueue(key) {
  queueKey = key;
  const queue = rows.queue.get(key);
  const form = byId("queue-form");
  form.reset();
  const now = queue.steered ? (queue.open ? "open" : "close") : "follow-timetable";
  form.elements.wanted.value = now;
  write(byId("queue-dialog-heading"), queue.name);
  write(byId("queue-dialog-state"), openWords(queue));
  showQueueChoice();
  byId("queue-dialog").showModal();
}

/** Open or closed, and who decided so. */
export function openWords(queue) {
  const words = text(queue.open ? "queue-open" : "queue-closed");
  return queue.steered ? `${words}, ${text("by-supervisor")}` : `${words}, ${text("by-timetable")}`;
}

function showQueueChoice() {
  const form = byId("queue-form");
  const closes = form.elements.wanted.value === "close";
  const count = rows.queue.get(queueKey)?.waiting ?? 0;
  byId("queue-waiting").hidden = !closes;
  write(byId("queue-waiting-count"), count === 1 ? text("one-waits") : text("some-wait", { count }));
}

async function switchQueue(form) {
  const wanted = form.elements.wanted.value;
  const sends = wanted === "close" && form.elements.waiting.value === "move";
  const { waiting } = rows.queue.get(queueKey);
  if (sends && waiting > 0) {
    askFirst(waiting);
    return;
  }
  await finishSwitch(wanted, sends ? { move_waiting: true } : {});
}

function askFirst(waiting) {
  const { name } = rows.queue.get(queueKey);
  write(byId("confirm-text"), waiting === 1 ? text("confirm-one", { queue: name }) : text("confirm-some", { count: waiting, queue: name }));
  byId("queue-dialog").close();
  byId("confirm-dialog").returnValue = "";
  byId("confirm-dialog").showModal();
}

// Who thinks better of it is back at the choice.
function confirmClosed() {
  if (byId("confirm-dialog").returnValue !== "sent") byId("queue-dialog").showModal();
}

async function sendAway() {
  byId("confirm-dialog").close("sent");
  await finishSwitch("close", { move_waiting: true });
}

async function finishSwitch(wanted, body) {
  const key = queueKey;
  const before = rows.queue.get(key);
  if (!(await steer("queues", key, wanted, body))) return;
  byId("queue-dialog").close();
  if (body.move_waiting) notice(text("did-close-move", { queue: before.name }));
  else notice(text(`did-${wanted}`, { queue: before.name }), () => undoSwitch(key, before));
}

function undoSwitch(key, before) {
  if (!before.steered) return steer("queues", key, "follow-timetable");
  return steer("queues", key, before.open ? "open" : "close");
}
