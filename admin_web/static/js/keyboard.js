// Alt+letter presses the button that carries the letter, if it can be seen; ? shows the keys.

/** Listen for Alt+letter and ?. */
export function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.altKey && !event.ctrlKey && !event.metaKey && /^Key[A-Z]$/.test(event.code)) pressLetter(event);
    else if (event.key === "?" && !isTyping(event.target)) openHelp();
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
  if (usable && !event.repeat) usable.click();
}

function isTyping(target) {
  return target.matches?.("input:not([type=checkbox]), textarea, select") || target.isContentEditable;
}

function openHelp() {
  const dialog = document.getElementById("help");
  if (!dialog.open) dialog.showModal();
}
