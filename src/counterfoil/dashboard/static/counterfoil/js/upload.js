// Sends a file of a form[data-draft] as soon as it is chosen or dropped, with its progress, and puts
// the server's answer (the file, or what is wrong with it) in its place. Without script the file
// goes with the form.
const form = document.querySelector("form[data-draft]");

function send(place, extra) {
  const fields = new FormData();
  fields.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const [name, value] of Object.entries(extra)) fields.append(name, value);
  const bar = place.querySelector("progress");
  const request = new XMLHttpRequest();
  request.open("POST", `${form.dataset.files}${place.dataset.upload}`);
  request.upload.addEventListener("progress", (event) => {
    bar.hidden = false;
    if (event.lengthComputable) bar.value = event.loaded / event.total;
  });
  request.addEventListener("load", () => {
    if (request.status !== 200 && request.status !== 422) return cut(place);
    const fresh = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("[data-upload]");
    if (!fresh) return cut(place);
    place.replaceWith(document.adoptNode(fresh));
    fresh.querySelector("button, input")?.focus();
  });
  request.addEventListener("error", () => cut(place));
  request.send(fields);
}

function cut(place) {
  place.querySelector("progress").hidden = true;
  place.querySelector("[data-cut]")?.remove();
  const note = document.createElement("p");
  note.className = "field__error";
  note.dataset.cut = "";
  note.setAttribute("role", "alert");
  note.textContent = form.dataset.cut;
  place.append(note);
}

form?.addEventListener("change", (event) => {
  const place = event.target.closest("[data-upload]");
  if (place && event.target.type === "file" && event.target.files.length) send(place, { file: event.target.files[0] });
});
form?.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=remove]");
  if (!button) return;
  event.preventDefault();
  send(button.closest("[data-upload]"), { remove: "1" });
});
for (const [kind, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  form?.addEventListener(kind, (event) => {
    event.target.closest?.("[data-upload]")?.querySelector("input[type=file]")?.classList.toggle("upload__input--over", over);
  });
}
