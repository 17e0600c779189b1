// Submits a form[data-submit-now] as soon as a person looks at its page. Without script its
// button does. A page rendered ahead or in the background waits until it is seen.
const form = document.querySelector("form[data-submit-now]");

function submitWhenSeen() {
  if (!form || document.prerendering || document.visibilityState !== "visible") return;
  document.removeEventListener("visibilitychange", submitWhenSeen);
  document.removeEventListener("prerenderingchange", submitWhenSeen);
  form.requestSubmit();
}

document.addEventListener("visibilitychange", submitWhenSeen);
document.addEventListener("prerenderingchange", submitWhenSeen);
submitWhenSeen();
