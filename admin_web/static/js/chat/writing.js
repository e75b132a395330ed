// Who is writing: told while keys are pressed, shown for as long as the other side says so.

const EVERY = 3000;

/** Calls `tell` at most every 3 s while something is typed into the field. */
export function tellsWriting(field, tell) {
  let told = 0;
  field.addEventListener("input", () => {
    if (!field.value.trim()) { told = 0; return; }
    if (Date.now() - told < EVERY) return;
    told = Date.now();
    tell();
  });
}

/** Shows words in an element until an instant, in milliseconds by the clock of `now`; null takes them away. */
export function showsWriting(element, now) {
  let due = null;
  return (until, words) => {
    clearTimeout(due);
    const left = (until ?? 0) - now();
    const said = left > 0 ? words : "";
    if (element.textContent !== said) element.textContent = said;
    if (left > 0) due = setTimeout(() => { element.textContent = ""; }, left);
  };
}
