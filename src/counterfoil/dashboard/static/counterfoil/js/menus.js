// Panels that lie over the page (details.filter, details.menu) close with Escape, and when one
// clicks or moves the focus elsewhere. Without script their summary closes them.
const PANELS = "details.filter[open], details.menu[open]";

function closeAllBut(kept) {
  for (const panel of document.querySelectorAll(PANELS)) {
    if (!kept || !panel.contains(kept)) panel.open = false;
  }
}

document.addEventListener("click", (event) => closeAllBut(event.target));
document.addEventListener("focusin", (event) => closeAllBut(event.target));
document.addEventListener("keydown", (event) => {
  const panel = event.key === "Escape" && document.activeElement?.closest(PANELS);
  if (!panel) return;
  panel.open = false;
  panel.querySelector("summary").focus();
});
