// What tells this opened page of others. The live connection says it to the server, so that the core hears when it goes.

export const page = [...crypto.getRandomValues(new Uint8Array(12))].map((octet) => octet.toString(16).padStart(2, "0")).join("");
