// What tells this opened page of others. The live connection says it to the server, so that the core hears when it goes.

const STORED = "cx-softphone-page";

export const page = [...crypto.getRandomValues(new Uint8Array(12))].map((octet) => octet.toString(16).padStart(2, "0")).join("");

/** Note this page as the softphone of this browser; gives the page that was it before, which is so no more. */
export function becomeSoftphonePage() {
  const before = localStorage.getItem(STORED) ?? "";
  localStorage.setItem(STORED, page);
  return before;
}
