/* Sayso on a company's own pages: <sayso-portal>, <sayso-share>, and window.sayso to identify, get a code and track.

   It keeps nothing: no cookie, no storage. Who a member is, the page says by a token that its own server signed. */
(() => {
  "use strict";
  const script = document.currentScript;
  const base = new URL("./", script.src);
  const WORDS = {
    en: { label: "Your recommendations", close: "Close", waiting: "One moment, please", alone: "Open on a page of its own" },
    es: { label: "Tus recomendaciones", close: "Cerrar", waiting: "Un momento, por favor", alone: "Abrir en su propia página" },
    it: { label: "I tuoi consigli", close: "Chiudi", waiting: "Un momento, per favore", alone: "Apri in una pagina a parte" },
    nl: { label: "Jouw aanbevelingen", close: "Sluiten", waiting: "Een ogenblik, alsjeblieft", alone: "Openen op een eigen pagina" },
  };
  const LEAST_PIXELS = 320;
  const PATIENCE_MS = 10_000;

  const languageOf = (element) => {
    const said = element.closest("[lang]")?.lang || navigator.language;
    const found = said.toLowerCase().split("-")[0];
    return found in WORDS ? found : "en";
  };

  // A page's own policy for styles does not keep these out.
  const styled = (rules) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    return sheet;
  };

  // --- who looks -----------------------------------------------------------------------------------------------

  // A function of the page, an address of its server that answers with a token, or the token itself.
  const tokenOf = async (element) => {
    if (typeof element.getToken === "function") return element.getToken();
    const address = element.getAttribute("token-url");
    if (!address) return element.getAttribute("token") || "";
    const answer = await fetch(address, { cache: "no-store" });
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
    return (await answer.text()).trim();
  };

  const tell = (element, name, detail) => element.dispatchEvent(new CustomEvent(`sayso-${name}`, { detail }));

  // --- asking the service ----------------------------------------------------------------------------------------

  const ask = async (what, body, word) => {
    const answer = await fetch(new URL(what, base), {
      method: "POST",
      credentials: "omit",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${word}` },
      body: JSON.stringify(body),
    });
    const told = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(told.detail || told.title), { status: answer.status });
    return told;
  };

  const client = { key: script.dataset.key || "", member: "", token: "" };

  // With a token the service knows who it is; with the public key, the page says so.
  const said = (more) => (client.token ? more : { member: client.member, ...more });
  const word = () => client.token || client.key;

  window.sayso = {
    async identify({ member = "", token = "", ...known }) {
      Object.assign(client, { member, token });
      client.member = (await ask("identify", token ? {} : { member, ...known }, word())).member;
      return client.member;
    },
    async code() {
      return (await ask("code", said({}), word())).code;
    },
    async track(name, details = {}) {
      await ask("track", said({ name, details }), word());
    },
  };

  // --- the member's own page, in a frame ---------------------------------------------------------------------------

  const PORTAL_STYLE = `
    :host { display: block; min-height: ${LEAST_PIXELS}px; }
    :host([corner]) { display: inline; }
    :host([hidden]) { display: none; }
    iframe { display: block; width: 100%; min-height: ${LEAST_PIXELS}px; border: 0; }
    /* Until it knows how the page looks, the frame would flash in colours of its own. */
    iframe.waits { flex: none !important; height: 0 !important; min-height: 0; visibility: hidden; }
    [part="status"] { margin: 0; padding: 16px; animation: appear .01s .4s both; }
    a { color: inherit; }
    @keyframes appear { from { visibility: hidden; } }
    [part="button"] {
      position: fixed; inset: auto 20px calc(20px + env(safe-area-inset-bottom)) auto; z-index: 2147483000;
      min-height: 48px; padding: 10px 20px; border: 0; border-radius: 99px; cursor: pointer;
      font: inherit; font-weight: 600; box-shadow: 0 6px 24px -8px rgb(0 0 0 / .5);
      background: var(--sayso-accent, #b3452c); color: var(--sayso-on-accent, #fff);
    }
    button:focus-visible { outline: 3px solid currentColor; outline-offset: -6px; }
    [popover] {
      position: fixed; inset: auto 20px 84px auto; width: min(400px, 100vw - 40px); height: min(720px, 100dvh - 104px);
      margin: 0; padding: 0; border: 0; border-radius: 18px; overflow: hidden; background: Canvas; color: CanvasText;
      box-shadow: 0 24px 60px -24px rgb(0 0 0 / .6);
    }
    [popover]:popover-open { display: flex; flex-direction: column; }
    [popover] iframe { flex: 1; min-height: 0; }
    [part="close"] {
      align-self: end; width: 44px; height: 44px; border: 0; background: none; color: inherit; font: 26px/1 sans-serif;
      cursor: pointer;
    }
    @media (max-width: 480px) {
      [popover] { inset: auto 0 0 0; width: 100vw; height: calc(100dvh - 48px); border-radius: 18px 18px 0 0; }
    }
  `;

  class Portal extends HTMLElement {
    connectedCallback() {
      if (!this.shadowRoot) this.#draw();
      this.#hear = (message) => this.#heard(message);
      addEventListener("message", this.#hear);
    }

    disconnectedCallback() {
      removeEventListener("message", this.#hear);
    }

    #frame;
    #hear;
    #status;

    #draw() {
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [styled(PORTAL_STYLE)];
      this.#frame = document.createElement("iframe");
      this.#frame.part = "frame";
      this.#frame.title = this.getAttribute("label") || WORDS[languageOf(this)].label;
      this.#frame.allow = navigator.share ? "web-share; clipboard-write" : "clipboard-write";
      this.#frame.referrerPolicy = "no-referrer";
      this.#frame.className = "waits";
      this.#status = Object.assign(document.createElement("p"), { part: "status", hidden: true });
      this.#status.setAttribute("role", "status");
      if (this.hasAttribute("corner")) root.append(...this.#corner());
      else {
        root.append(this.#status, this.#frame);
        this.#load();
      }
    }

    #corner() {
      const button = Object.assign(document.createElement("button"), { type: "button", part: "button" });
      button.textContent = this.#frame.title;
      const panel = Object.assign(document.createElement("div"), { part: "panel", popover: "auto" });
      const close = Object.assign(document.createElement("button"), { type: "button", part: "close", textContent: "×" });
      close.ariaLabel = WORDS[languageOf(this)].close;
      panel.append(close, this.#status, this.#frame);
      button.popoverTargetElement = close.popoverTargetElement = panel;
      panel.addEventListener("beforetoggle", () => this.#frame.src || this.#load());
      return [button, panel];
    }

    #load() {
      this.#status.hidden = false;
      this.#status.textContent = WORDS[languageOf(this)].waiting;
      this.#frame.src = new URL(`portal?language=${languageOf(this)}`, base);
      setTimeout(() => this.#frame.classList.contains("waits") && this.#giveUp(), PATIENCE_MS);
    }

    /* The service is away, or may not be framed here: there is a way all the same. */
    #giveUp() {
      const link = Object.assign(document.createElement("a"), { href: new URL("../portal/", base), target: "_blank" });
      link.rel = "noopener";
      link.textContent = `${this.#frame.title}: ${WORDS[languageOf(this)].alone}`;
      this.#status.replaceChildren(link);
      tell(this, "error", new Error("The member's page cannot be shown here."));
    }

    #show() {
      this.#frame.classList.remove("waits");
      this.#status.hidden = true;
      tell(this, "shown");
    }

    #say(message) {
      this.#frame.contentWindow.postMessage({ sayso: 1, ...message }, base.origin);
    }

    async #heard({ source, origin, data }) {
      if (source !== this.#frame.contentWindow || origin !== base.origin || data?.sayso !== 1) return;
      if (data.kind === "height" && !this.hasAttribute("corner")) {
        this.#frame.style.height = `${Math.max(LEAST_PIXELS, Number(data.height) || 0)}px`;
      }
      if (data.kind === "ready" || data.kind === "token") await this.#greet(data.kind);
      if (data.kind === "shown") this.#show();
    }

    async #greet(kind) {
      try {
        const token = await tokenOf(this);
        this.#say({ kind: "hello", token, again: kind === "token", language: languageOf(this), look: this.#look() });
      } catch (error) {
        tell(this, "error", error);
        this.#say({ kind: "hello", token: "", language: languageOf(this), look: this.#look() });
      }
    }

    #look() {
      const style = getComputedStyle(this);
      const scheme = style.colorScheme === "normal" ? "light" : style.colorScheme;
      const inline = !this.hasAttribute("corner");
      return { font: style.fontFamily, scheme, accent: style.getPropertyValue("--sayso-accent").trim(), inline };
    }
  }

  // --- the share button, in the page itself ------------------------------------------------------------------------

  const SHARE_STYLE = `
    :host { display: block; font: inherit; color: inherit; }
    :host([hidden]), [hidden] { display: none !important; }
    button, a { font: inherit; cursor: pointer; }
    .share {
      width: min(100%, 26rem); min-height: 48px; padding: 10px 20px; border: 0; border-radius: 10px; font-weight: 600;
      background: var(--sayso-accent, #b3452c); color: var(--sayso-on-accent, #fff);
    }
    ul { display: flex; flex-wrap: wrap; gap: 8px; margin: 10px 0 0; padding: 0; list-style: none; }
    li > * {
      display: inline-flex; align-items: center; min-height: 44px; padding: 6px 14px; border: 1px solid currentColor;
      border-radius: 10px; background: none; color: inherit; text-decoration: none; box-sizing: border-box;
    }
    blockquote {
      max-width: 36rem; margin: 14px 0 0; padding: 12px 16px; border-inline-start: 3px solid var(--sayso-accent, #b3452c);
      white-space: pre-line; overflow-wrap: anywhere;
    }
    :focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
  `;

  class Share extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      const root = this.attachShadow({ mode: "open" });
      // What the page has inside is shown until there is something better, and when there never is.
      root.adoptedStyleSheets = [styled(SHARE_STYLE)];
      root.append(document.createElement("slot"));
      this.refresh();
    }

    #asker;

    /** Ask again what there is to share: for whoever signs in without leaving the page. */
    async refresh() {
      try {
        const sheet = await this.#sheet();
        if (!sheet.link) throw new Error("This program is passed on by paper alone.");
        this.#draw(sheet);
        tell(this, "shown");
      } catch (error) {
        tell(this, "error", error);
      }
    }

    async #sheet() {
      const token = await tokenOf(this);
      const program = this.getAttribute("program") || "";
      const member = this.getAttribute("member") || client.member;
      const word = token || client.token;
      this.#asker = word ? { word, said: { program } } : { word: client.key, said: { program, member } };
      return ask("share", { ...this.#asker.said, language: languageOf(this) }, this.#asker.word);
    }

    #draw(sheet) {
      const made = (name, properties) => Object.assign(document.createElement(name), properties);
      const share = made("button", { type: "button", className: "share", part: "button", textContent: sheet.words.share });
      const ways = made("ul", { part: "ways", hidden: Boolean(navigator.share) });
      ways.setAttribute("aria-label", sheet.words.ways);
      const status = made("p", { part: "status" });
      status.setAttribute("role", "status");
      ways.append(...sheet.ways.map((way) => this.#way(made, way, sheet, status)));
      const message = made("blockquote", { part: "message", textContent: sheet.message });
      message.setAttribute("aria-label", sheet.words.message);
      share.addEventListener("click", () => this.#share(sheet, ways));
      this.shadowRoot.replaceChildren(share, ways, message, status);
    }

    #way(made, way, sheet, status) {
      const item = document.createElement("li");
      const link = made("a", { href: way.address, target: "_blank", rel: "noopener noreferrer" });
      const copy = made("button", { type: "button" });
      const one = Object.assign(way.address ? link : copy, { textContent: way.name, part: `way ${way.channel}` });
      one.addEventListener("click", async () => {
        if (!way.address) {
          await navigator.clipboard.writeText(way.link);
          status.textContent = sheet.words.copied;
        }
        this.#shared(way.channel);
      });
      item.append(one);
      return item;
    }

    // The device says not where it went; what went is the plain link.
    #shared(channel) {
      tell(this, "shared", { channel });
      const { word, said } = this.#asker;
      ask("shared", { ...said, channel: channel === "device" ? "copy" : channel }, word).catch(() => {});
    }

    async #share(sheet, ways) {
      if (!navigator.share) {
        ways.querySelector("a, button").focus();
        return;
      }
      try {
        await navigator.share({ title: sheet.title, text: sheet.message });
        this.#shared("device");
      } catch (error) {
        // Whoever thinks better of it has done nothing wrong; whose device cannot, has the other ways.
        if (error.name !== "AbortError") ways.hidden = false;
      }
    }
  }

  // Two of our scripts in one page are one too many, not an error.
  if (!customElements.get("sayso-portal")) {
    customElements.define("sayso-portal", Portal);
    customElements.define("sayso-share", Share);
  }
})();
