// Contacts in writing, as every page of the staff knows them.

import { text } from "../texts.js";

const CHANNELS = ["web-chat", "whatsapp"];

/** Whether it is a contact in writing. */
export function isChat(contact) {
  return CHANNELS.includes(contact?.channel);
}

/** Where it came in: "call", "chat" on a website, or "whatsapp". */
export function contactWay(contact) {
  if (contact?.channel === "whatsapp") return "whatsapp";
  return isChat(contact) ? "chat" : "call";
}

/** Who writes: the name that the customer gave, else the address. */
export function chatParty(contact) {
  return contact.callerName || contact.caller || text("customer");
}
