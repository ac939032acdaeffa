// The landing page with script: the sum of the form's ticket is done while the visitor types, a code is copied by one
// tap, and a code that is still being made is looked for again. Everything works without this file.
const form = document.querySelector("form[data-digest]");

const hex = async (text) =>
  Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");

const find = async ({ once, digest, highest }) => {
  for (let number = 0; number < Number(highest); number += 1) {
    if ((await hex(once + number)) === digest) return String(number);
  }
  return "";
};

if (form && window.crypto?.subtle) {
  let work;
  const begin = () => (work ??= find(form.dataset).then((number) => (form.elements.proof.value = number)));
  form.addEventListener("focusin", begin, { once: true });
  (window.requestIdleCallback ?? setTimeout)(begin);
  let sent = false;
  form.addEventListener("submit", async (event) => {
    if (sent) return event.preventDefault();
    if (form.elements.proof.value) return (sent = true);
    event.preventDefault();
    const status = form.querySelector("[data-says]");
    status.textContent = status.dataset.says;
    await begin();
    sent = true;
    form.submit();
  });
  // Whoever comes back by the browser's button may send the form again.
  addEventListener("pageshow", () => (sent = false));
}
document.querySelector("#problem a")?.focus();

for (const button of document.querySelectorAll("[data-code]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.code);
    button.textContent = button.dataset.says;
  });
}

if (document.querySelector("[data-coming]")) {
  const looked = Number(sessionStorage.getItem(location.href) ?? 0);
  if (looked < 8) {
    sessionStorage.setItem(location.href, looked + 1);
    setTimeout(() => location.reload(), 900 + 600 * looked);
  }
}
