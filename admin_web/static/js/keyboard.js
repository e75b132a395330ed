// Alt+letter presses the button that carries the letter, or goes to the field, if it can be seen. The two keys without
// Alt, / for the search and ? for the overview, can be switched off: who dictates sets them off by chance.

const STORED = "cx-single-keys";

/** Listen for Alt+letter, / and ?. */
export function listenToKeys() {
  makeSwitch();
  document.addEventListener("keydown", (event) => {
    if (event.altKey && !event.ctrlKey && !event.metaKey && /^Key[A-Z]$/.test(event.code)) pressLetter(event);
    else if (singleKeys() && !isTyping(event.target)) pressSingle(event);
  });
  for (const opener of document.querySelectorAll("[data-open-help]")) opener.addEventListener("click", openHelp);
}

function pressLetter(event) {
  const letter = event.code.slice(3);
  const buttons = [...document.querySelectorAll(`[data-letter="${letter}"]`)];
  if (buttons.length === 0) return;
  // Also when no button can be used now: the browser's own meaning of the key would only surprise.
  event.preventDefault();
  const usable = buttons.find((button) => !button.closest("[hidden]") && !button.disabled)
    ?? buttons.find((button) => button.closest("[data-menu]") && !button.disabled && !button.hidden);
  if (usable && !event.repeat) press(usable);
}

function press(usable) {
  if (!usable.matches("input, textarea")) usable.click();
  else {
    usable.focus();
    usable.select();
  }
}

function pressSingle(event) {
  const search = document.getElementById("search");
  if (event.key === "?") openHelp();
  else if (event.key === "/" && search) {
    event.preventDefault();
    press(search);
  }
}

function singleKeys() {
  return localStorage.getItem(STORED) !== "off";
}

function makeSwitch() {
  const box = document.getElementById("single-keys");
  box.checked = singleKeys();
  box.addEventListener("change", () => localStorage.setItem(STORED, box.checked ? "on" : "off"));
}

function isTyping(target) {
  return target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select") || target.isContentEditable;
}

function openHelp() {
  const dialog = document.getElementById("help");
  if (!dialog.open) dialog.showModal();
}
