/* A member's own page inside somebody else's: the pages of the portal, fetched with a token and shown one in place of the
   other. The token comes in a message from the page around, whose origin the company named; it stands in no address, and
   there is no cookie. */
(() => {
  "use strict";
  const script = document.currentScript;
  const UNAUTHORIZED = 401;
  const origins = script.dataset.origins.split(" ");
  const portal = new URL(script.dataset.portal, location.href);
  // What is hard to undo asks for a fresh sign-in, which needs a page and a cookie of our own.
  const signIn = new URL("sign-in", portal).href;
  let token = "";
  let language = "";
  let host = "";
  let here = portal.href;
  let waiting = null;
  const alone = document.querySelector("#when-alone").content;
  const broken = document.querySelector("#when-broken").content;

  const say = (kind, more) => parent.postMessage({ sayso: 1, kind, ...more }, host || "*");

  // --- what the page around says -----------------------------------------------------------------------------------

  addEventListener("message", ({ source, origin, data }) => {
    if (source !== parent || !origins.includes(origin) || data?.sayso !== 1 || data.kind !== "hello") return;
    host = origin;
    token = String(data.token || "");
    language ||= String(data.language || "");
    dress(data.look || {});
    if (waiting) waiting();
    else open(here);
  });

  const freshToken = () =>
    new Promise((resolve) => {
      waiting = () => {
        waiting = null;
        resolve();
      };
      say("token");
    });

  const dress = ({ font = "", scheme = "", accent = "", inline = false }) => {
    const root = document.documentElement;
    root.classList.toggle("inline", inline);
    root.style.setProperty("--font-text", font);
    root.style.setProperty("--font-title", font);
    root.style.colorScheme = scheme;
    if (accent && CSS.supports("color", accent)) colour(root.style, accent);
  };

  // The accent where it can be read, else what can (WCAG 2.2: contrast of 4.5 to paper, black or white on the accent).
  const colour = (style, accent) => {
    const light = luminanceOf(accent);
    style.setProperty("--brand", accent);
    style.setProperty("--on-brand", light > 0.179 ? "#000" : "#fff");
    const onLight = light < 0.16 ? accent : "var(--ink)";
    const onDark = light > 0.26 ? accent : "var(--ink)";
    style.setProperty("--brand-ink", `light-dark(${onLight}, ${onDark})`);
    style.setProperty("--brand-wash", `color-mix(in oklab, ${accent} 8%, var(--paper))`);
  };

  const luminanceOf = (accent) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas.fillStyle = accent;
    canvas.fillRect(0, 0, 1, 1);
    const parts = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((value) => value / 255);
    const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };

  // --- fetching and showing ----------------------------------------------------------------------------------------

  const headers = () => ({ Authorization: `Bearer ${token}`, ...(language && { "Accept-Language": language }) });

  const fetched = async (address, options) => {
    const send = () => fetch(address, { ...options, headers: headers(), credentials: "omit", cache: "no-store" });
    const answer = await send();
    if (answer.status !== UNAUTHORIZED) return answer;
    // It has ended: the page around is asked once for another.
    await freshToken();
    return send();
  };

  const open = async (address, options = {}, isBack = false) => {
    if (!token) return showAlone();
    document.body.setAttribute("aria-busy", "true");
    try {
      const answer = await fetched(address, options);
      if (answer.status === UNAUTHORIZED) return showAlone();
      if (answer.url.startsWith(signIn)) return showAlone(answer.url);
      const kind = answer.headers.get("Content-Type") || "";
      if (kind.startsWith("text/html")) show(await answer.text(), answer.url, isBack);
      else save(await answer.blob(), answer.headers.get("Content-Disposition") || "");
    } catch {
      showBroken();
    } finally {
      document.body.removeAttribute("aria-busy");
    }
  };

  const show = (text, address, isBack) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    const isFirst = !document.querySelector("main");
    document.title = page.title;
    document.documentElement.lang = page.documentElement.lang;
    document.body.className = page.body.className;
    loadStyles(page);
    const scripts = [...page.querySelectorAll("script[src]")].map((each) => new URL(each.getAttribute("src"), address));
    page.querySelectorAll("script").forEach((each) => each.remove());
    document.body.replaceChildren(...page.body.childNodes);
    scripts.forEach(loadScript);
    if (!isBack && !isFirst) history.pushState({ here: address }, "");
    if (isFirst) history.replaceState({ here: address }, "");
    here = address;
    if (!isFirst) focusOn(new URL(address).hash);
    say("shown");
  };

  // Nobody vouches for whoever looks: they sign in on a page of their own, where cookies are ours.
  const showAlone = (address = portal.href) => {
    document.body.replaceChildren(alone.cloneNode(true));
    Object.assign(document.querySelector("a"), { href: address, target: "_blank" });
    say("shown");
  };

  // No answer came; what the member looked at stays, and they may try again.
  const showBroken = () => {
    document.querySelector("#broken")?.remove();
    (document.querySelector("main") || document.body).prepend(broken.cloneNode(true));
    document.querySelector("#broken").focus();
    say("shown");
  };

  const focusOn = (hash) => {
    const target = (hash && document.getElementById(hash.slice(1))) || document.querySelector("main");
    target?.focus({ preventScroll: !hash });
    if (!hash) target?.scrollIntoView();
  };

  const loadStyles = (page) => {
    for (const each of page.querySelectorAll("link[rel=stylesheet]")) {
      const address = each.getAttribute("href");
      if (!document.head.querySelector(`link[href="${CSS.escape(address)}"]`)) document.head.append(each.cloneNode());
    }
  };

  // A page's script expects to find its page: it runs anew for each.
  const loadScript = (address) => {
    if (address.origin !== location.origin) return;
    document.head.querySelectorAll("script[data-of-page]").forEach((each) => each.remove());
    const made = Object.assign(document.createElement("script"), { src: address.href });
    made.dataset.ofPage = "";
    document.head.append(made);
  };

  const save = (content, disposition) => {
    const name = /filename="([^"]+)"/.exec(disposition)?.[1] || "download";
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(content), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  // --- what the member does ----------------------------------------------------------------------------------------

  const isOurs = (address) => address.origin === portal.origin && address.pathname.startsWith(portal.pathname);

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || link.target === "_blank" || link.protocol === "blob:") return;
    const address = new URL(link.getAttribute("href"), here);
    if (address.href.split("#")[0] === here.split("#")[0] && address.hash) return stay(event, address.hash);
    if (!isOurs(address)) {
      link.href = address.href;
      if (address.protocol.startsWith("http")) Object.assign(link, { target: "_blank", rel: "noopener noreferrer" });
      return;
    }
    event.preventDefault();
    language = address.searchParams.get("language") || language;
    open(address.href);
  });

  const stay = (event, hash) => {
    event.preventDefault();
    focusOn(hash);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const address = new URL(event.submitter?.getAttribute("formaction") || form.getAttribute("action") || here, here);
    if (event.defaultPrevented || !isOurs(address)) return;
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(form, event.submitter));
    const isGet = (event.submitter?.getAttribute("formmethod") || form.method).toLowerCase() === "get";
    if (isGet) address.search = fields;
    open(address.href, isGet ? {} : { method: "POST", body: fields });
  });

  document.addEventListener("sayso-told", (event) => {
    event.preventDefault();
    fetched(event.detail.address, { method: "POST", body: event.detail.fields, keepalive: true }).catch(() => {});
  });

  addEventListener("popstate", ({ state }) => state?.here && open(state.here, {}, true));

  new ResizeObserver(() => host && say("height", { height: document.documentElement.offsetHeight })).observe(
    document.documentElement,
  );

  if (parent !== window) say("ready");
  else {
    document.documentElement.className = "on-its-own";
    showAlone();
  }
})();
