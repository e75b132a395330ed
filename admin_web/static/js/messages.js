// The list of messages: searching in names, texts and places.

import { text } from "./texts.js";

const search = document.getElementById("message-search");
const count = document.getElementById("message-count");
const rows = [...document.querySelectorAll("#messages [data-searched]")];

search.addEventListener("input", () => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of rows) row.hidden = !words.every((word) => row.dataset.searched.includes(word));
  for (const group of document.querySelectorAll("#messages tbody")) group.hidden = !group.querySelector("[data-searched]:not([hidden])");
  count.textContent = text("messages-found", { count: rows.filter((row) => !row.hidden).length });
});
