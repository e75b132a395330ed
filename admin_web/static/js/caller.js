// Who calls: the name that belongs to the number, and what went on with it before.

const AGAIN = 1500;
const byId = (id) => document.getElementById(id);

let shown = null;
let name = "";

/** Show whom the contact is with; `key` is null when there is none. */
export function showCallerOf(key, contact) {
  if (key !== shown) {
    shown = key;
    name = "";
    clear();
    if (key) fetchCaller(key, true);
  }
  const said = contact?.callerName && contact.callerName !== contact.caller ? contact.callerName : "";
  return name || said;
}

function clear() {
  byId("caller").replaceChildren();
  byId("caller-empty").hidden = false;
}

async function fetchCaller(key, again) {
  try {
    const answer = await fetch(`/agent/caller/${encodeURIComponent(key)}`, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(5000) });
    const html = await answer.text();
    if (key !== shown) return;
    if (answer.ok && !answer.redirected) put(html);
    // The page may be told of the contact before the server that is asked.
    else if (again) setTimeout(() => { if (key === shown) fetchCaller(key, false); }, AGAIN);
  } catch {
    // The number is on the page; only the name and the past are missing.
  }
}

function put(html) {
  byId("caller").innerHTML = html;
  byId("caller-empty").hidden = true;
  name = byId("caller").firstElementChild?.dataset.name ?? "";
  if (name) byId("contact-name").textContent = name;
}
