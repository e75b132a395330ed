// Who may listen in on colleagues does so from the list of colleagues: the own device rings, and then hears the call.

import { command } from "./commands.js";
import { notice } from "./notices.js";
import { write } from "./render.js";
import { text } from "./texts.js";

const panel = document.getElementById("listens");

/** `begins()` is called before the own device rings. Returns what shows it. */
export function makeDeskListening(begins) {
  const may = document.body.dataset.listen === "yes";
  let heard = null;
  panel?.addEventListener("click", (event) => {
    const name = event.target.closest("[data-listen]")?.dataset.listen;
    if (name && heard) ask(heard, name);
  });
  return {
    show(agent, nameOf) {
      if (!panel) return;
      heard = agent.listens?.to ?? null;
      showPanel(agent.listens, nameOf);
    },
    button: (key) => (may ? makeButton(key, begins) : null),
    update: (button, row, name) => update(button, row, name, heard),
  };
}

function showPanel(listens, nameOf) {
  const hadFocus = panel.contains(document.activeElement);
  panel.hidden = !listens;
  if (!listens) {
    if (hadFocus) document.getElementById("status").focus();
    return;
  }
  write(document.getElementById("listens-words"), `${nameOf(listens.to)}: ${text(`listening-own-${listens.mode}`)}`);
  for (const button of panel.querySelectorAll("[data-mode]")) {
    button.setAttribute("aria-pressed", String(button.dataset.mode === listens.mode));
  }
}

function makeButton(key, begins) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cx-link-button";
  button.textContent = text("listen-in");
  button.addEventListener("click", async () => {
    begins(true);
    if (!(await ask(key, "listen-in"))) begins(null);
    else if (document.body.dataset.softphone !== "yes") notice(text("listening-rings"));  // the page answers by itself
  });
  return button;
}

function update(button, row, name, heard) {
  button.hidden = !(row.state === "talking" || row.direct) || heard !== null;
  button.setAttribute("aria-label", text("listen-in-to", { name }));
}

function ask(key, name) {
  return command(`listening/${encodeURIComponent(key)}/${name}`);
}
