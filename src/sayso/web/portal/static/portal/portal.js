// What only a script can do on the members' pages: the share sheet of the phone, copying, and words that are followed
// while they are typed. Without it every one of them has a link or a form. It listens to the document, under which the
// pages may change.
(() => {
  const one = (selector) => document.querySelector(selector);
  const can = document.documentElement.classList;
  can.add("scripted");
  if (navigator.share) can.add("can-share");
  if (navigator.clipboard) can.add("can-copy");

  // The company's page may hand its token over behind the #, which no server sees; it is not left there.
  const door = one("[data-enter]");
  const token = door && new URLSearchParams(location.hash.slice(1)).get("token");
  if (token) {
    history.replaceState(null, "", location.pathname);
    door.elements.token.value = token;
    door.submit();
  }

  const plain = () => one("[data-share]").dataset.link;
  const disclosure = () => one(".message small")?.textContent ?? "";

  // The link is put in where the member saw it, and behind everything where they took it away.
  const said = (link) => {
    const typed = one("[data-message]").value.trim();
    return typed.includes(plain()) ? typed.replaceAll(plain(), link) : `${typed} ${link}`.trim();
  };
  const whole = (link) => [said(link), disclosure()].filter(Boolean).join("\n\n");

  document.addEventListener("input", ({ target }) => {
    if (!target.matches("[data-message]")) return;
    one("[data-said]").textContent = said(plain());
    for (const way of document.querySelectorAll("[data-pattern]"))
      way.href = way.dataset.pattern.replace("{text}", encodeURIComponent(whole(way.dataset.link)));
  });

  // That the link was passed on, and not that somebody looked at it. Inside a company's page, where there is no cookie,
  // the frame takes it over and tells it.
  const tell = (channel) => {
    const address = one("[data-shares]")?.dataset.shares;
    const detail = { address, fields: new URLSearchParams({ channel }) };
    if (!address || !document.dispatchEvent(new CustomEvent("sayso-told", { detail, cancelable: true }))) return;
    detail.fields.set("csrfmiddlewaretoken", one("[name=csrfmiddlewaretoken]").value);
    fetch(address, { method: "POST", body: detail.fields, keepalive: true }).catch(() => {});
  };

  const open = (address) => window.open(address, "_blank", "noopener");
  const share = async (way) => {
    try {
      await navigator.share({ text: whole(plain()) });
      tell("copy");
    } catch (error) {
      if (error.name === "AbortError") return;
      open(way.href);
      tell(way.dataset.channel);
    }
  };
  const copy = async (button) => {
    await navigator.clipboard.writeText(plain());
    button.querySelector("[role=status]").textContent = button.dataset.done;
    tell("copy");
  };

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest?.(selector);
    const way = on("[data-share]");
    if (way && navigator.share) {
      event.preventDefault();
      share(way);
      return;
    }
    if (on("[data-channel]")) tell(on("[data-channel]").dataset.channel);
    if (on("[data-copy]")) copy(on("[data-copy]"));
    if (on('a[href="#qr"]')) one("#qr").classList.toggle("shown");
  });
})();
