// Takes the fragment along into the browser (`#/account`), and copies the address on request.
const address = document.querySelector("[data-copied]");
const button = document.querySelector("[data-copy]");
const safari = document.querySelector('a[href^="x-safari-"]');

if (address && location.hash) address.value += location.hash;
if (safari && location.hash) safari.href += location.hash;

if (button && address && navigator.clipboard) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(address.value);
    } catch {
      address.select();
    }
  });
}
