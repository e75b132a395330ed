// The emergency message: what is on, and one form to switch one on.

import { command } from "./commands.js";
import { onPicture } from "./connection.js";
import { listenToGroups, showGroups } from "./emergency_groups.js";
import { emergencyWords, placeWords } from "./emergencies.js";
import { speak, use } from "./making.js";
import { error, notice } from "./notices.js";
import { text } from "./texts.js";
import { now, wallTime } from "./timers.js";

const byId = (id) => document.getElementById(id);
const form = byId("emergency-form");
const chosen = (name) => form.elements.namedItem(name).value;

let spoken = null;

form.addEventListener("change", showChoices);
byId("typed-listen").addEventListener("click", () => speakTyped().then((version) => version && byId("typed-player").play()));
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button:not([type])");
  button.disabled = true;
  await switchOn();
  button.disabled = false;
});
listenToGroups();
showChoices();
onPicture(({ rows }) => {
  showList(rows.emergency);
  showGroups(rows.emergency);
});

function showChoices() {
  byId("prepared").hidden = chosen("source") !== "prepared";
  byId("typed").hidden = chosen("source") !== "typed";
  byId("flow-field").hidden = chosen("then") !== "flow";
  byId("until-time").hidden = byId("until").value !== "time";
  if (!byId("until-time").value) byId("until-time").value = wallTime(now() + 3600000);
}

async function switchOn() {
  const until = untilChosen();
  if (until === undefined) return;
  const message = chosen("source") === "typed" ? await typedMessage() : byId("message").value;
  if (!message) return;
  const then = chosen("then");
  const body = {
    scope: byId("scope").value, message, then, until, flow: then === "flow" ? byId("flow").value : "",
    tell_waiting: byId("tell-waiting").checked,
  };
  if (await command("emergency/set", body)) notice(text("emergency-is-on"), () => command("emergency/end", { scope: body.scope }));
}

// null: until somebody switches it off; undefined: no instant was filled in. What was filled in is Dutch time.
function untilChosen() {
  const choice = byId("until").value;
  if (choice === "") return null;
  if (choice !== "time") return new Date(now() + Number(choice) * 60000).toISOString();
  if (byId("until-time").value) return byId("until-time").value;
  error(text("fill-in-time"));
  byId("until-time").focus();
  return undefined;
}

async function typedMessage() {
  const version = await speakTyped();
  return version && (await use(form.dataset.use, version)) ? form.dataset.typed : null;
}

async function speakTyped() {
  const words = byId("typed-text").value;
  if (spoken?.words === words) return spoken.version;
  const made = await speak(form.dataset.speech, words);
  if (made === null) return null;
  spoken = { words, version: made.version };
  Object.assign(byId("typed-player"), { src: made.sound, hidden: false });
  return made.version;
}

function showList(rows) {
  byId("none-on").hidden = rows.size > 0;
  const list = byId("emergency-list");
  const kept = new Map([...list.children].map((item) => [item.dataset.key, item]));
  list.replaceChildren(...[...rows].map(([key, row]) => update(kept.get(key) ?? make(key), row)));
}

function make(key) {
  const item = document.createElement("li");
  item.className = "cx-emergency";
  item.dataset.key = key;
  const words = document.createElement("p");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "utrecht-button utrecht-button--primary-action";
  button.textContent = text("switch-off");
  button.addEventListener("click", async () => {
    if (await command("emergency/end", { scope: key })) notice(text("emergency-is-off"));
  });
  item.append(words, button);
  return item;
}

function update(item, row) {
  const words = emergencyWords(row);
  if (item.firstElementChild.textContent !== words) item.firstElementChild.textContent = words;
  item.lastElementChild.setAttribute("aria-label", text("switch-off-which", { place: placeWords(row) }));
  return item;
}
