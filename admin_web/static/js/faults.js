// Reports a fault from any page, without leaving it: a call in the browser goes on.

import { post } from "./commands.js";
import { error, notice } from "./notices.js";
import { text } from "./texts.js";

const byId = (id) => document.getElementById(id);
const dialog = byId("fault-dialog");

for (const opener of document.querySelectorAll("[data-open-fault]")) {
  opener.addEventListener("click", () => {
    if (!dialog.open) dialog.showModal();
    byId("fault-text").focus();
  });
}
byId("fault-form").addEventListener("submit", (event) => {
  if (event.submitter?.value !== "send") return;
  event.preventDefault();
  send();
});

async function send() {
  const button = byId("fault-send");
  button.disabled = true;
  try {
    const answer = await post("/faults", { text: byId("fault-text").value, page: location.pathname });
    const told = await answer.json();
    if (answer.ok) {
      byId("fault-text").value = "";
      notice(text("fault-kept", { number: told.number }));
    } else {
      error(told.detail);
    }
    if (answer.ok) dialog.close();
  } catch {
    error(text("no-answer"));
  } finally {
    button.disabled = false;
  }
}
