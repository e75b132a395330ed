// Under a choice of texts: what the chosen one says.

const spoken = JSON.parse(document.getElementById("prompts").textContent);

/** Let each select with data-spoken show its text in the element of that id; without an id, in the one of its row. */
export function showSpoken() {
  for (const select of document.querySelectorAll("[data-spoken]")) show(select);
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-spoken]")) show(event.target);
  });
}

function show(select) {
  const place = select.dataset.spoken ? document.getElementById(select.dataset.spoken) : select.closest("li").querySelector("[data-spoken-text]");
  place.textContent = spoken[select.value] ?? "";
}
