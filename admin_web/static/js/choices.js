// Reasons for a break, topics and prepared answers as the administrator has them now. The page may have been open for days, so it asks
// before they are used; while there is no answer, what it knows stays.

const LIMIT = 5000;
const byId = (id) => document.getElementById(id);

let known = "";
let answers = [];

/** Ask whenever the menu of statuses or the field of topics is gone to. */
export function keepChoices() {
  byId("status").addEventListener("click", refreshChoices);
  byId("topic").addEventListener("focus", refreshChoices);
}

/** Show what can be chosen now. */
export async function refreshChoices() {
  try {
    const answer = await fetch(document.body.dataset.choices, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(LIMIT) });
    if (answer.ok) put(await answer.json());
  } catch {
    // What the page knows stays.
  }
}

function put(choices) {
  const found = JSON.stringify(choices);
  if (found === known) return;
  known = found;
  putReasons(choices.break_reasons);
  putTopics(choices.topics);
  answers = choices.answers;
}

/** The prepared answers as they were when the page asked last: name, text, and the queue whose chats they are for. */
export function preparedAnswers() {
  return answers;
}

function putReasons(reasons) {
  const shown = [...byId("break-reasons").children].map((item) => item.dataset.reason);
  if (JSON.stringify(shown) === JSON.stringify(reasons)) return;
  byId("break-reasons").replaceChildren(...reasons.map((reason) => {
    const item = byId("break-reason").content.firstElementChild.cloneNode(true);
    item.dataset.reason = reason;
    item.querySelector("[data-name]").textContent = reason;
    return item;
  }));
}

function putTopics(topics) {
  byId("topic-field").hidden = topics.length === 0;
  byId("all-topics").replaceChildren(...topics.map(({ name, group }) => {
    const option = document.createElement("option");
    option.value = name;
    if (group) option.label = group;
    return option;
  }));
}
