// Keeps the picture of what customers see ([data-shows=field]) in step with what is typed. A field
// that is empty shows what stands there otherwise.
const form = document.querySelector(".public form");
const ADDRESS = ["line1", "line2", "city", "state", "postal_code"];

function typed(name) {
  return form.elements[name]?.value.trim() ?? "";
}

function draw() {
  for (const place of document.querySelectorAll("[data-shows]")) {
    const text = typed(place.dataset.shows);
    const upper = place.dataset.shows.endsWith("descriptor") ? text.toUpperCase() : text;
    place.textContent = upper || place.dataset.usual || "";
  }
  const lines = ADDRESS.map((part) => typed(`business_profile.support_address.${part}`));
  document.querySelector("[data-shows-address]").textContent = lines.filter(Boolean).join(", ");
}

if (form) {
  for (const button of form.querySelectorAll("[data-noscript]")) button.hidden = true;
  form.addEventListener("input", draw);
}
