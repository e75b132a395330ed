// Whom a contact can be passed on to, or who can be called: what the server finds in all lists.

const LIMIT = 5000;

/** The hits for what was typed. Throws when there is no answer. */
export async function findInDirectory(typed) {
  const address = `${document.body.dataset.directory}?q=${encodeURIComponent(typed)}`;
  const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(LIMIT) });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).hits;
}
