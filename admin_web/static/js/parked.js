// Contacts that are parked at the agent, or by the agent: who waits, for how long, and a button to pick up.

import { command } from "./commands.js";
import { news } from "./notices.js";
import { write } from "./render.js";
import { text } from "./texts.js";
import { countUp } from "./timers.js";

const section = document.getElementById("parked");
const list = document.getElementById("parked-list");
const lines = new Map();

/** Show them; `picked(contact)` is called before one is picked up. */
export function makeParked(me, picked) {
  list.addEventListener("click", async (event) => {
    const line = event.target.closest("[data-parked]");
    if (!event.target.closest("button") || !line) return;
    picked(line.dataset.parked);
    if (!(await command("pick-up-contact", { contact_id: line.dataset.parked }))) picked(null);
  });
  return { show: (contacts, nameOf) => show(me, contacts, nameOf) };
}

function show(me, contacts, nameOf) {
  const parked = [...contacts].filter(([, row]) => isParked(row, me)).sort(([, one], [, other]) => one.consult.since - other.consult.since);
  const present = new Set(parked.map(([key]) => key));
  for (const [key, line] of lines) if (!present.has(key)) forget(key, line);
  for (const [key, row] of parked) update(lines.get(key) ?? make(key, row, me), row, me, nameOf);
  [...list.children].forEach((line, at) => mark(line.querySelector("button"), at === 0));
  section.hidden = parked.length === 0;
}

function isParked(row, me) {
  return row.consult?.state === "parked" && (row.consult.agent === me || row.consult.by === me);
}

function forget(key, line) {
  const hadFocus = line.contains(document.activeElement);
  lines.delete(key);
  line.remove();
  if (hadFocus) (list.querySelector("button") ?? document.getElementById("status")).focus();
}

function make(key, row, me) {
  const line = document.createElement("li");
  line.className = "cx-parked__line";
  line.dataset.parked = key;
  const who = document.createElement("span");
  who.className = "cx-parked__who";
  const clock = document.createElement("span");
  clock.className = "cx-figures";
  const button = document.createElement("button");
  button.type = "button";
  const kind = row.consult.agent === me ? "primary" : "secondary";
  button.className = `utrecht-button utrecht-button--${kind}-action cx-action`;
  line.append(who, clock, button);
  list.append(line);
  lines.set(key, line);
  if (row.consult.agent === me) news(text("parked-at-you", { caller: row.caller || text("anonymous") }));
  return line;
}

function update(line, row, me, nameOf) {
  const [who, clock, button] = line.children;
  const mine = row.consult.agent === me;
  const name = mine ? nameOf(row.consult.by) : row.consult.target;
  const caller = row.outbound ? row.dialled : row.caller || text("anonymous");
  write(who, text(mine ? "parked-by" : "parked-with", { caller, name }));
  countUp(clock, row.consult.since);
  button.dataset.words = text(mine ? "pick-up" : "take-back-parked");
}

// The one that waits longest has the key.
function mark(button, first) {
  const words = button.dataset.words;
  if (button.dataset.shown === `${words}${first}`) return;
  button.dataset.shown = `${words}${first}`;
  const label = document.createElement("span");
  label.textContent = words;
  button.replaceChildren(label);
  if (first) {
    button.dataset.letter = "G";
    button.setAttribute("aria-keyshortcuts", "Alt+G");
    const key = document.createElement("kbd");
    key.className = "cx-key";
    key.textContent = "Alt+G";
    button.append(" ", key);
  } else {
    delete button.dataset.letter;
    button.removeAttribute("aria-keyshortcuts");
  }
}
