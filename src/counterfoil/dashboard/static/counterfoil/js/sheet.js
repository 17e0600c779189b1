// Opens the page behind a link with data-sheet in the sheet, over the page one is on. Without
// script the link leads to that page. Forms inside are sent by htmx (see layouts/base.html).
const sheet = document.getElementById("sheet");
const body = document.getElementById("sheet-body");

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-sheet]");
  const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button);
  if (!link || !plain || !sheet || !window.htmx) return;
  event.preventDefault();
  body.replaceChildren();
  htmx.ajax("GET", link.href, { target: "#sheet-body", swap: "innerHTML" });
});

body?.addEventListener("htmx:afterSwap", () => {
  if (!sheet.open) sheet.showModal();
  (body.querySelector("[aria-invalid=true], [autofocus]") ?? body.querySelector("h1"))?.focus();
});

// A click beside the sheet closes it, unless something has been typed.
sheet?.addEventListener("click", (event) => {
  if (event.target === sheet && !body.querySelector("[data-typed]")) sheet.close();
});
body?.addEventListener("input", (event) => event.target.setAttribute("data-typed", ""));

function sayTrouble() {
  if (!sheet.open) sheet.showModal();
  if (!body.querySelector("[data-trouble]")) {
    const note = document.createElement("div");
    note.dataset.trouble = "";
    note.append(document.getElementById("trouble").content.cloneNode(true));
    body.prepend(note);
  }
}
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  body?.addEventListener(name, sayTrouble);
}
