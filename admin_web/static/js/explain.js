// The meaning of a figure, beside its heading: on hover and on focus, until Esc. Drawn over everything, so that no
// scrolling table cuts it off; the words themselves stand in the page for screen readers.

const GAP = 6;
let card = null;

/** Make every element with data-explain show what it describes. */
export function makeExplanations() {
  card = document.createElement("p");
  card.className = "cx-explanation";
  card.hidden = true;
  card.setAttribute("aria-hidden", "true");
  document.body.append(card);
  for (const element of document.querySelectorAll("[data-explain]")) {
    element.addEventListener("pointerenter", () => show(element));
    element.addEventListener("focus", () => { if (element.matches(":focus-visible")) show(element); });
    element.addEventListener("pointerleave", (event) => { if (event.relatedTarget !== card) hide(); });
    element.addEventListener("blur", hide);
  }
  card.addEventListener("pointerleave", hide);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.addEventListener("scroll", hide, { capture: true, passive: true });
}

function show(element) {
  card.textContent = document.getElementById(element.getAttribute("aria-describedby")).textContent;
  card.hidden = false;
  const place = element.getBoundingClientRect();
  const widest = document.documentElement.clientWidth - card.offsetWidth - GAP;
  card.style.left = `${Math.max(GAP, Math.min(place.left, widest))}px`;
  card.style.top = `${place.bottom + GAP}px`;
}

function hide() {
  card.hidden = true;
}
