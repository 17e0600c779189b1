// Keeps the parts of a page that have data-live and an id up to date while somebody looks at it.
// Asks every 15 seconds; the server answers 204 while the account's revision is unchanged. What is
// open stays open, and the focus stays where it is.
const main = document.getElementById("main");
const EVERY = 15_000;

function busy() {
  return document.hidden || document.querySelector("dialog[open], [data-live] [data-typed]");
}

async function refresh() {
  if (busy()) return;
  let answer;
  try {
    answer = await fetch(location.href, { headers: { "X-Revision": main.dataset.revision } });
  } catch {
    return; // offline: the next time may be better
  }
  if (answer.status === 204 || !answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const revision = fresh.getElementById("main")?.dataset.revision;
  if (!revision || busy()) return;
  main.dataset.revision = revision;
  for (const part of document.querySelectorAll("[data-live][id]")) replace(part, fresh);
}

function replace(part, fresh) {
  const next = fresh.getElementById(part.id);
  if (!next) return;
  const focused = part.contains(document.activeElement) && (document.activeElement.id || document.activeElement.closest("[id]").id);
  for (const open of part.querySelectorAll("details[open][id]")) {
    next.querySelector(`#${CSS.escape(open.id)}`)?.setAttribute("open", "");
  }
  for (const chosen of part.querySelectorAll("input[type=radio][id]:checked")) {
    next.querySelector(`#${CSS.escape(chosen.id)}`)?.setAttribute("checked", "");
  }
  part.replaceWith(document.adoptNode(next));
  window.htmx?.process(next);
  if (!focused) return;
  const again = document.getElementById(focused);
  (again?.matches("details") ? again.querySelector("summary") : again)?.focus({ preventScroll: true });
}

if (main?.dataset.revision && document.querySelector("[data-live][id]")) {
  setInterval(refresh, EVERY);
  document.addEventListener("visibilitychange", refresh);
}
