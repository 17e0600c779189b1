// Sends a file of a form[data-draft] as soon as it is chosen, photographed or dropped, with its
// progress, and puts the server's answer (the file, or what is wrong with it) in its place. A file
// that is too large is not sent at all. Without script the file goes with the form.
const form = document.querySelector("form[data-draft]");
const touched = matchMedia("(pointer: coarse)").matches;

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
    if (request.status !== 200 && request.status !== 422) return note(place, form.dataset.cut);
    const fresh = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("[data-upload]");
    if (!fresh) return note(place, form.dataset.cut);
    place.replaceWith(document.adoptNode(fresh));
    offerCamera(fresh);
    fresh.querySelector("button, input")?.focus();
  });
  request.addEventListener("error", () => note(place, form.dataset.cut));
  request.send(fields);
}

function take(place, files) {
  if (!files.length) return;
  const input = place.querySelector("input[type=file]");
  if (!input) return note(place, form.dataset.taken);
  if (files.length > 1) return note(place, form.dataset.several);
  if (files[0].size > Number(form.dataset.most)) {
    input.value = ""; // it would go with the form otherwise
    return note(place, form.dataset.large);
  }
  send(place, { file: files[0] });
}

function note(place, words) {
  place.querySelector("progress").hidden = true;
  place.querySelector("[data-note]")?.remove();
  const said = document.createElement("p");
  said.className = "field__error";
  said.dataset.note = "";
  said.setAttribute("role", "alert");
  said.textContent = words;
  place.append(said);
}

function offerCamera(place) {
  const camera = place.querySelector("[data-camera]");
  if (camera) camera.hidden = !touched;
}

for (const place of form?.querySelectorAll("[data-upload]") ?? []) offerCamera(place);

form?.addEventListener("change", (event) => {
  const place = event.target.closest("[data-upload]");
  if (place && event.target.type === "file") take(place, event.target.files);
});
form?.addEventListener("click", (event) => {
  const camera = event.target.closest("[data-camera]");
  if (camera) return camera.nextElementSibling.click();
  const button = event.target.closest("button[name=remove]");
  if (!button) return;
  event.preventDefault();
  send(button.closest("[data-upload]"), { remove: "1" });
});
// A file that misses its place must not open instead of the page.
for (const [kind, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(kind, (event) => {
    if (!form || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    const place = event.target.closest?.("[data-upload]");
    place?.querySelector("input[type=file]")?.classList.toggle("upload__input--over", over);
    if (kind === "drop" && place) take(place, event.dataTransfer.files);
  });
}
