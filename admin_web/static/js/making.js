// Makes a version of a message: sends a sound or a text, and says what came of it.

import { token } from "./commands.js";
import { error } from "./notices.js";
import { text } from "./texts.js";

const SPEECH_LIMIT = 90000;

/** Send a sound file; `progress(share)` is told how much has gone. Gives the version, or null after saying why not. */
export function upload(path, sound, progress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token);
    request.responseType = "json";
    request.upload.onprogress = (event) => progress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onload = () => resolve(outcome(request.status, request.response));
    request.onerror = () => resolve(outcome(0, null));
    request.send(sound);
  });
}

/** Let a text be spoken. Gives the version, or null after saying why not. */
export async function speak(path, words) {
  return send(path, { text: words });
}

/** Let callers hear a version from now on; true when they do. */
export async function use(path, version) {
  return (await send(path, { version })) !== null;
}

async function send(path, body) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(SPEECH_LIMIT),
    });
    return outcome(answer.status, answer.status === 204 ? {} : await answer.json());
  } catch {
    return outcome(0, null);
  }
}

function outcome(status, content) {
  if (status >= 200 && status < 300) return content;
  error(content?.detail ?? text("no-answer"));
  return null;
}
