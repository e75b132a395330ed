// The words of this page, in its language. The server sends them with the page.

const texts = JSON.parse(document.getElementById("texts").textContent);

/** The text with this name; `{name}` is replaced by values.name. */
export function text(name, values = {}) {
  const found = texts[name] ?? name;
  return found.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
}

/** The text with this name, or the fallback when the page has none. */
export function textOr(name, fallback) {
  return texts[name] ?? fallback;
}
