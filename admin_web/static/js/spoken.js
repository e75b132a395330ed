// Under a choice of texts: what the chosen one says.

const spoken = JSON.parse(document.getElementById("prompts").textContent);

/** Let each select with data-spoken show its text in the element of that id. */
export function showSpoken() {
  for (const select of document.querySelectorAll("[data-spoken]")) {
    const show = () => { document.getElementById(select.dataset.spoken).textContent = spoken[select.value] ?? ""; };
    select.addEventListener("change", show);
    show();
  }
}
