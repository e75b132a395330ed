// A supervisor on the call of an agent: three buttons in the dialog about that agent.

import { command } from "./commands.js";
import { notice } from "./notices.js";
import { text } from "./texts.js";

const block = document.getElementById("agent-listening");

/** Make the buttons work; `agent()` tells the key of the agent whom the dialog is about. */
export function makeListening(agent) {
  block?.addEventListener("click", async (event) => {
    const name = event.target.closest("[data-listen]")?.dataset.listen;
    if (!name) return;
    const begins = name !== "stop" && !listens(block.dataset.by);
    const done = await command(`listening/${encodeURIComponent(agent())}/${name}`);
    if (done && begins) notice(text("listening-rings"));
  });
}

/** Show who is on the agent's call. */
export function showListening(agent) {
  if (!block) return;
  const inCall = agent.state === "talking" || Boolean(agent.directContact);
  block.hidden = !inCall && !agent.listening;
  block.dataset.by = agent.listenedBy ?? "";
  const own = listens(agent.listenedBy);
  document.getElementById("agent-listening-state").textContent = agent.listening
    ? text(own ? `listening-own-${agent.listening}` : "listening-other")
    : "";
  for (const button of block.querySelectorAll("[data-mode]")) {
    button.setAttribute("aria-pressed", String(own && button.dataset.mode === agent.listening));
  }
  const stop = block.querySelector('[data-listen="stop"]');
  if (!own && stop === document.activeElement) block.querySelector("[data-mode]").focus();
  stop.hidden = !own;
}

function listens(user) {
  return user === block.dataset.user;
}
