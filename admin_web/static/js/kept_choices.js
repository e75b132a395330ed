// How somebody arranged a page, kept in this browser apart for everybody who signs in on it.

const user = () => document.querySelector("[data-account]")?.dataset.account ?? "";

/** What was kept under the name; null when nothing was, or when it cannot be read. */
export function kept(name) {
  try {
    return JSON.parse(localStorage.getItem(place(name)));
  } catch {
    return null;
  }
}

/** Keep it; null forgets it. */
export function keep(name, value) {
  if (value === null) localStorage.removeItem(place(name));
  else localStorage.setItem(place(name), JSON.stringify(value));
}

function place(name) {
  return `cx-${name}-${user()}`;
}
