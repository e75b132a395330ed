// The contacts of today: rows that the server wrote, fetched anew after a contact ended and now and then.

const AFTER_END = 1200;
const EVERY = 30000;

/** Keeps the table filled; call the result when a contact has ended. */
export function keepToday() {
  const { contacts } = document.body.dataset;
  if (!contacts) return () => {};
  let due = null;
  const fetchSoon = (delay) => {
    clearTimeout(due);
    due = setTimeout(async () => {
      await fill(contacts);
      fetchSoon(EVERY);
    }, delay);
  };
  fetchSoon(0);
  return () => fetchSoon(AFTER_END);
}

async function fill(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(8000) });
    if (!answer.ok || answer.redirected) return;
    show(await answer.text());
  } catch {
    // What stands there stays; the next round tries again.
  }
}

function show(rows) {
  const body = document.getElementById("today");
  if (body.dataset.shown === rows) return;
  body.dataset.shown = rows;
  body.innerHTML = rows;
  const none = body.children.length === 0;
  document.getElementById("today-empty").hidden = !none;
  body.closest(".cx-scroll").hidden = none;
}
