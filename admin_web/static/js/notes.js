// Topics and note of the present contact. They keep themselves: at each topic, and a moment after the last letter.

import { command } from "./commands.js";
import { text } from "./texts.js";

const PAUSE = 1000;
const byId = (id) => document.getElementById(id);

let contact = null;
let topics = [];
let due = null;
let askChoices = () => {};

/** Make the fields work; `ask` is called with each new contact, to have its topics up to date. */
export function makeNotes(ask) {
  askChoices = ask;
  const field = byId("topic");
  field?.addEventListener("input", () => add(field, false));
  field?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    add(field, true);
  });
  byId("note").addEventListener("input", () => keepSoon());
  byId("note").addEventListener("change", () => keep());
  byId("topics").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) remove(button.dataset.topic);
  });
}

/** The fields are about this contact from now on; what was not kept of the one before is kept first. */
export function showNotes(key, mode) {
  const about = byId("notes").hidden || ["offered", "chat-offered"].includes(mode) ? null : key;
  if (about === contact) return;
  if (due !== null) keep();
  contact = about;
  put([], "");
  if (!contact) return;
  fetchNotes(contact);
  askChoices();
}

async function fetchNotes(key) {
  try {
    const answer = await fetch(`/agent/notes/${encodeURIComponent(key)}`, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(5000) });
    const found = answer.ok ? await answer.json() : null;
    const untouched = topics.length === 0 && byId("note").value === "";
    if (found && key === contact && untouched) put(found.topics, found.note);
  } catch {
    // The fields stay empty; what is written now counts.
  }
}

function put(chosen, note) {
  topics = [...chosen];
  byId("note").value = note;
  byId("note").dispatchEvent(new Event("put"));
  byId("notes-kept").textContent = "";
  draw();
}

// A name that is chosen from the list is added at once; Enter takes the first that begins so.
function add(field, take) {
  const written = field.value.trim().toLowerCase();
  const known = [...byId("all-topics").options].map((each) => each.value);
  const found = known.find((each) => each.toLowerCase() === written)
    ?? (take && written ? known.find((each) => each.toLowerCase().includes(written)) : null);
  if (!found) return;
  field.value = "";
  if (!topics.includes(found)) topics.push(found);
  draw();
  keep();
}

function remove(topic) {
  topics = topics.filter((each) => each !== topic);
  draw();
  (byId("topics").querySelector("button") ?? byId("topic")).focus();
  keep();
}

function draw() {
  byId("topics").replaceChildren(...topics.map((topic) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "cx-topic";
    button.dataset.topic = topic;
    button.textContent = `${topic} ×`;
    button.setAttribute("aria-label", text("remove-topic", { topic }));
    item.append(button);
    return item;
  }));
}

function keepSoon() {
  clearTimeout(due);
  due = setTimeout(keep, PAUSE);
  byId("notes-kept").textContent = "";
}

async function keep() {
  clearTimeout(due);
  due = null;
  if (!contact) return;
  const about = contact;
  const done = await command("note-contact", { contact_id: about, topics, note: byId("note").value });
  if (about === contact) byId("notes-kept").textContent = text(done ? "kept" : "not-kept");
}
