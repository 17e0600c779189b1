// Saves a form[data-draft] while one types, a second after the last key, and says so beside its
// buttons. The form itself is not touched, so the focus stays. Counts characters as well. Without
// script the form has a button that saves.
const form = document.querySelector("form[data-draft]");
const state = form?.querySelector("[data-draft-state]");
const PAUSE = 1000;
let timer;
let saving = Promise.resolve();

function texts() {
  const fields = new FormData(form);
  for (const input of form.querySelectorAll("input[type=file]")) fields.delete(input.name);
  return fields;
}

function say(words, failed) {
  state.textContent = words;
  state.classList.toggle("evidence__state--failed", failed);
}

async function save() {
  try {
    const answer = await fetch(form.action, { method: "POST", body: texts(), headers: { "X-Draft": "1" }, redirect: "error" });
    const known = answer.ok || answer.status === 422;
    say(known ? await answer.text() : form.dataset.unsaved, !answer.ok);
  } catch {
    say(form.dataset.unsaved, true);
  }
}

function count() {
  let all = 0;
  for (const field of form.querySelectorAll("textarea, input[type=text]")) all += [...field.value].length;
  form.querySelector("[data-all-texts]").textContent = all.toLocaleString();
  for (const note of form.querySelectorAll("[data-count]")) {
    const length = [...form.elements[note.dataset.count].value].length;
    const most = Number(note.dataset.most);
    if (length) note.textContent = `${length.toLocaleString()} / ${most.toLocaleString()}`;
    note.classList.toggle("field__count--over", length > most);
  }
}

form?.addEventListener("input", (event) => {
  if (event.target.type === "file") return;
  count();
  clearTimeout(timer);
  timer = setTimeout(() => { saving = saving.then(save); }, PAUSE);
});
form?.addEventListener("submit", () => clearTimeout(timer));
if (form) count();
