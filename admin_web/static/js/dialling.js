// Calls a number: from the form, and from any number that stands on the page. In a conversation it becomes the target.

import { command } from "./commands.js";
import { notice } from "./notices.js";
import { text } from "./texts.js";
import { passTo } from "./transfer.js";

const KEPT = "cx-shows";
const IN_CONVERSATION = ["talking", "held", "direct"];
const shows = document.getElementById("call-shows");

/** Make the form, the choice of the number that is shown, and every `data-call` work. */
export function makeDialling() {
  const form = document.getElementById("call-form");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = document.getElementById("call-number");
    if (await dial(field.value)) field.value = "";
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-call]");
    if (button) dial(button.dataset.call);
  });
  keepChoice();
}

/** True while the agent speaks with somebody, and a number is rather consulted than called. */
export function inConversation() {
  return IN_CONVERSATION.includes(document.getElementById("contact").dataset.mode);
}

/** Call the number, or offer it as the target of the conversation; true when it is being called. */
export async function dial(number) {
  if (inConversation()) {
    passTo(number);
    return false;
  }
  const done = await command("call-number", { number, ...(shows ? { shows: shows.value } : {}) });
  if (done) notice(text("calling", { number }));
  return done;
}

function keepChoice() {
  if (!shows) return;
  const kept = localStorage.getItem(KEPT);
  if ([...shows.options].some((each) => each.value === kept)) shows.value = kept;
  shows.addEventListener("change", () => localStorage.setItem(KEPT, shows.value));
}
