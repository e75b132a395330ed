// Who helps a contact: the dialog by which a supervisor gives it to an agent, takes it over, or lets it wait elsewhere.

import { command } from "./commands.js";
import { notice } from "./notices.js";
import { agentWords, write } from "./render.js";
import { text } from "./texts.js";

const TALKS = ["talking", "direct"];
const byId = (id) => document.getElementById(id);
const steer = (key, name, body = {}) => command(`contacts/${encodeURIComponent(key)}/${name}`, body);

let rows = null;
let contactKey = null;
let shownAgents = "";

/** Make the dialog work. */
export function makeContactSteering() {
  submits("assign-form", assign);
  submits("move-form", move);
  byId("cancel-call-back").addEventListener("click", cancelCallBack);
}

/** Keep an open dialog in step with the floor. */
export function showContactSteering(latest) {
  rows = latest;
  if (!byId("contact-dialog").open) return;
  if (steerable(rows.contact.get(contactKey))) listAgents();
  else {
    byId("contact-dialog").close();
    notice(text("assign-gone"));
  }
}

/** Whether a supervisor may say who helps it: it waits, is to be called back, or an agent talks with it. */
export function steerable(contact) {
  return Boolean(contact) && (waits(contact) || talks(contact));
}

/** Whether an agent talks with it, so that it is taken over instead of given. */
export function talks(contact) {
  return TALKS.includes(contact.state) && Boolean(contact.answeredAt) && !contact.consult;
}

const waits = (contact) => contact.state === "waiting" || contact.state === "call-back";

/** Open the dialog about a contact. */
export function steerContact(key, caller) {
  contactKey = key;
  const contact = rows.contact.get(key);
  const taking = talks(contact);
  const words = taking
    ? text("take-over-caller", { caller, name: rows.agent.get(contact.agent)?.name ?? "" })
    : text("assign-caller", { caller, queue: rows.queue.get(contact.queue)?.name ?? "" });
  write(byId("contact-dialog-caller"), words);
  write(byId("assign-note"), text(taking ? "take-over-note" : "assign-note"));
  byId("assign-form").hidden = contact.state === "call-back";
  byId("move-form").hidden = taking;
  byId("cancel-call-back").hidden = taking || !contact.callBack;
  shownAgents = "";
  listAgents();
  listQueues(contact);
  byId("contact-dialog").showModal();
}

function submits(id, act) {
  byId(id).addEventListener("submit", (event) => {
    event.preventDefault();
    act();
  });
}

// --- To an agent -----------------------------------------------------------------------------------------------------

function listAgents() {
  const { queue } = rows.contact.get(contactKey);
  const there = [...rows.agent].filter(([key, agent]) => key === own() || agent.status !== "logged-off");
  const choices = there.map(([key, agent]) => choice(key, agent)).sort((a, b) => a.disabled - b.disabled);
  const now = JSON.stringify(choices);
  if (now === shownAgents) return;
  shownAgents = now;
  const select = byId("assign-agent");
  const chosen = select.value;
  select.replaceChildren(...groups(choices, queue));
  if (choices.some((each) => each.key === chosen && !each.disabled)) select.value = chosen;
  const nobody = choices.every((each) => each.disabled);
  if (nobody) select.prepend(new Option(text("assign-nobody"), "", true, true));
  // The list stays where the keyboard expects it, also when it is empty: the next keys must not reach the queues instead.
  byId("assign-form").querySelector("button").disabled = nobody;
}

const own = () => byId("contact-dialog").dataset.own;

function choice(key, agent) {
  const busy = agent.state !== "ready" || Boolean(agent.directContact) || Boolean(agent.deviceFault);
  const self = text("assign-yourself");
  if (key === own()) return { key, words: busy ? `${self}: ${agentWords(agent)}` : self, disabled: busy, serves: [] };
  const disabled = busy || agent.status !== "available";
  return { key, words: `${agent.name}: ${agentWords(agent)}`, disabled, serves: agent.serves };
}

// The supervisor first, then who serves the queue anyway, then the others; who cannot be rung stands last and says why.
function groups(choices, queue) {
  const others = choices.filter((each) => each.key !== own());
  const members = others.filter((each) => each.serves.includes(queue));
  return [
    ...choices.filter((each) => each.key === own()).map(option),
    group(text("assign-members", { queue: rows.queue.get(queue)?.name ?? "" }), members),
    group(text("assign-others"), others.filter((each) => !members.includes(each))),
  ].filter(Boolean);
}

function group(label, choices) {
  if (!choices.length) return null;
  const made = document.createElement("optgroup");
  made.label = label;
  made.append(...choices.map(option));
  return made;
}

function option({ key, words, disabled }) {
  const made = new Option(words, key);
  made.disabled = disabled;
  return made;
}

async function assign() {
  const agent = byId("assign-agent").value;
  const name = rows.agent.get(agent)?.name ?? agent;
  if (!(await steer(contactKey, "assign", { agent_id: agent }))) return;
  byId("contact-dialog").close();
  notice(agent === own() ? text("did-assign-yourself") : text("did-assign-contact", { name }));
}

// --- To a queue ------------------------------------------------------------------------------------------------------

function listQueues({ queue: from }) {
  const others = [...rows.queue].filter(([other]) => other !== from);
  byId("move-queue").replaceChildren(...others.map(([other, queue]) => new Option(queueChoice(queue), other)));
}

function queueChoice(queue) {
  const words = text("queue-choice", { queue: queue.name, waiting: queue.waiting, ready: queue.ready });
  return queue.open ? words : `${words}, ${text("queue-closed")}`;
}

async function move() {
  const key = contactKey;
  const from = rows.contact.get(key)?.queue;
  const to = byId("move-queue").value;
  if (!(await steer(key, "move", { queue_id: to }))) return;
  byId("contact-dialog").close();
  notice(text("did-move", { queue: rows.queue.get(to).name }), () => steer(key, "move", { queue_id: from }));
}

async function cancelCallBack() {
  if (!(await steer(contactKey, "cancel-call-back"))) return;
  byId("contact-dialog").close();
  notice(text("did-cancel-call-back"));
}
