// What has been on the screen for two seconds has been read. Without script a button says so.
const form = document.querySelector("form[data-read]");

function markRead() {
  if (!form?.isConnected || document.visibilityState !== "visible") return;
  fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).then(() => {
    form.remove();
    document.querySelector(".nav__count")?.remove();
  });
}

setTimeout(markRead, 2000);
document.addEventListener("visibilitychange", () => setTimeout(markRead, 2000));
