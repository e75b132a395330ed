// Asks the core for something, and says so when it refuses.

import { error } from "./notices.js";
import { text } from "./texts.js";

const LIMIT = 8000;

export const token = document.querySelector('meta[name="csrf-token"]').content;

/** The last command that was sent. Each waits for the one before it: what is pressed first is done first. */
let last = Promise.resolve();

/** Send a command; true when it was done. */
export function command(name, body = {}) {
  last = last.then(() => sent(name, body));
  return last;
}

async function sent(name, body) {
  try {
    const answer = await post(`/commands/${name}`, body);
    if (answer.ok) return true;
    error(await explanation(answer));
  } catch {
    error(text("no-answer"));
  }
  return false;
}

/** POST with the token that proves that this page sent it. */
export function post(path, body) {
  return fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(LIMIT),
  });
}

async function explanation(answer) {
  try {
    return (await answer.json()).detail;
  } catch {
    return text("no-answer");
  }
}
