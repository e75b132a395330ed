// Contacts in writing, as every page of the staff knows them.

import { text } from "../texts.js";

const CHANNELS = ["web-chat", "whatsapp"];

/** Whether it is a contact in writing. */
export function isChat(contact) {
  return CHANNELS.includes(contact?.channel);
}

/** Who writes: the name that the customer gave, else the address. */
export function chatParty(contact) {
  return contact.callerName || contact.caller || text("customer");
}
