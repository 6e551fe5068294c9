// What a partner puts on a page: defines <explainer-chat>, which draws a button or a frame of our origin with the chat
// in it. The frame is loaded when the chat is first opened. The page around it is told ids and statuses, never a question.
// Partners get what `python -m bench.loader` makes of it: the same, small.
(() => {
  const script = document.currentScript;
  const { origin } = new URL(script.src);
  const TAG = "explainer-chat";
  const PATIENCE_MS = 10_000;
  const view = window.visualViewport;
  const full = matchMedia("(max-width:30rem),(max-height:30rem)");
  // What may be told to the page, whatever the frame sends.
  const EVENT = /^(answer-shown|no-answer|urgent-shown|source-clicked|feedback-sent|error)$/;
  const CSS = `
    :host { display: block; color-scheme: light; --a: var(--explainer-chat-accent, var(--explainer-chat-light, #1d5c5a));
      --o: var(--explainer-chat-on-accent, #fff); --g: #fffdfa; --i: #2c2520; --l: #8f8172; }
    .dark { color-scheme: dark; --a: var(--explainer-chat-accent-dark, var(--explainer-chat-dark, var(--explainer-chat-accent, #8fd0c6)));
      --o: var(--explainer-chat-on-accent-dark, var(--explainer-chat-on-accent, #10302d)); --g: #24211e; --i: #efe7dc; --l: #8d8073; }
    * { box-sizing: border-box; font: 600 16px/1.3 system-ui, sans-serif; }
    .inline, .full, .panel { display: flex; flex-direction: column; overflow: hidden; background: var(--g); color: var(--i); }
    .inline { height: min(42rem, 90vh); }
    .inline, .panel { border: 1px solid var(--l); border-radius: 16px; }
    .full { height: 100vh; height: 100dvh; }
    iframe { flex: 1; width: 100%; min-height: 0; border: 0; }
    button { min-height: 44px; padding: 0 12px; border: 0; border-radius: 26px; background: none; color: inherit; cursor: pointer; }
    button:hover { text-decoration: underline; }
    :focus-visible { outline: 3px solid var(--i); outline-offset: 2px; box-shadow: 0 0 0 3px var(--g); }
    .launcher, .panel { position: fixed; inset: auto; inset-block-end: max(16px, env(safe-area-inset-bottom)); inset-inline-end: 16px; z-index: 2147483647;
      box-shadow: 0 4px 24px #0005; }
    :host([position=left]) :is(.launcher, .panel) { inset-inline: 16px auto; }
    .launcher { display: flex; gap: 9px; align-items: center; min-height: 52px; max-width: calc(100vw - 32px); padding: 10px 20px 10px 16px;
      border: 1px solid transparent; background: var(--a); color: var(--o); }
    .launcher::before { content: ""; flex: none; width: 20px; height: 16px; border: 2px solid; border-radius: 9px 9px 9px 0; }
    .panel { margin: 0; padding: 0; max-width: none; max-height: none; width: min(27rem, 100vw - 32px); height: min(46rem, var(--h) - 32px); }
    p { display: flex; align-items: center; justify-content: space-between; margin: 0; padding: 2px 6px 2px 18px; }
    a { padding: 18px; color: inherit; }
    [hidden], .panel:not([open]) { display: none; }
    .whole { inset: var(--t) 0 auto; width: 100%; height: var(--h); border: 0; border-radius: 0; }
    @media print { :host { display: none; } }`;

  const make = (name, fields, ...children) => {
    const node = Object.assign(document.createElement(name), fields);
    node.append(...children);
    return node;
  };

  class ExplainerChatFrame extends HTMLElement {
    // The line has the same behind data-.
    static observedAttributes = ["site", "mode", "lang", "label", "voice", "theme", "accent", "accent-dark", "position"];
    // The chats on the page, also those in the shadow of another element; shared by all lines that bring the loader.
    static here = new Set();
    #frame;
    #panel;
    #launcher;
    #heard;
    #welcome;
    #welcomed;
    #leaving;

    connectedCallback() {
      const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
      this.#leaving = new AbortController();
      this.#heed(window, "message", (event) => this.#hear(event));
      this.#heed(full, "change", () => this.#panel?.open && this.#show());
      for (const name of ["resize", "scroll"]) this.#heed(view, name, () => this.#fit());
      this.#dye({ light: this.getAttribute("accent"), dark: this.getAttribute("accent-dark") });
      dress(root);
      root.append(this.mode === "launcher" ? this.#makeLauncher() : make("div", this.#look(this.mode), this.#makeFrame()));
      ExplainerChatFrame.here.add(this);
      for (const command of early.splice(0)) obey(...command);
    }

    disconnectedCallback() {
      ExplainerChatFrame.here.delete(this);
      this.#leaving.abort();
      this.#frame = this.#panel = this.#launcher = this.#heard = this.#leaving = null;
      this.shadowRoot.replaceChildren();
    }

    attributeChangedCallback(_, before, after) {
      if (!this.#leaving || before === after) return;
      this.disconnectedCallback();
      this.connectedCallback();
    }

    get mode() {
      const asked = this.getAttribute("mode");
      return /^(launcher|full)$/.test(asked) ? asked : "inline";
    }

    get language() {
      return this.getAttribute("lang") || document.documentElement.lang || "en";
    }

    // Light or dark as the line says; else as the page is that the chat stands on.
    get scheme() {
      const asked = this.getAttribute("theme");
      return /^(light|dark)$/.test(asked) ? asked : schemeOf(this);
    }

    open() {
      if (!this.#launcher || this.#panel?.open) return;
      if (!this.#panel) this.shadowRoot.append((this.#panel = this.#makePanel()));
      this.#show();
      this.#frame.focus();
      this.#send("open");
      this.#tell("opened");
    }

    close() {
      if (!this.#panel?.open) return;
      this.#panel.close();
      this.#launcher.hidden = false;
      this.#launcher.focus();
      this.#tell("closed");
    }

    ask(text) {
      this.open();
      this.#send("ask", { text: `${text}` });
    }

    get #words() {
      return /^es\b/i.test(this.language) ? ["Haga una pregunta", "Cerrar"] : ["Ask a question", "Close"];
    }

    get #title() {
      return this.getAttribute("label") || this.#words[0];
    }

    // What a part is called, also by the page's own style sheet, and whether it is light or dark.
    #look(part) {
      return { part, className: `${part} ${this.scheme}` };
    }

    #heed(target, name, act) {
      target?.addEventListener(name, act, { signal: this.#leaving.signal });
    }

    #makeLauncher() {
      const given = { textContent: this.#title, ariaHasPopup: "dialog", onclick: () => this.open() };
      return (this.#launcher = make("button", { ...this.#look("launcher"), ...given }));
    }

    #makePanel() {
      const close = () => this.close();
      const bar = make("p", {}, this.#title, make("button", { textContent: this.#words[1], onclick: close }));
      const onkeydown = ({ key }) => {
        // What a handler gives back may keep a key from doing what it does: a button would not be pressed by Enter.
        if (key === "Escape") close();
      };
      const oncancel = (event) => (event.preventDefault(), close());
      return make("dialog", { ...this.#look("panel"), ariaLabel: this.#title, onkeydown, oncancel }, bar, this.#makeFrame());
    }

    // Over the whole screen the page behind it can be reached neither by keyboard nor by a screen reader. The button, which
    // the panel covers, is gone while it is open.
    #show() {
      this.#panel.close();
      this.#panel.classList.toggle("whole", full.matches);
      this.#panel[full.matches ? "showModal" : "show"]();
      this.#launcher.hidden = true;
      this.#fit();
    }

    // Above the keyboard of a phone, which covers a window without making it smaller.
    #fit() {
      this.#panel?.style.setProperty("--t", `${view?.offsetTop ?? 0}px`);
      this.#panel?.style.setProperty("--h", `${view?.height ?? innerHeight}px`);
    }

    // The accent of the site; a page's own style sheet comes first.
    #dye(accent) {
      for (const name in accent) if (/^#[\da-f]{6}$/i.test(accent[name])) this.style.setProperty(`--${TAG}-${name}`, accent[name]);
    }

    #complain(why) {
      this.#heard = true;
      complain(why);
      this.#tell("error", { kind: "frame" });
    }

    #makeFrame() {
      const instead = make("a", { href: this.#address("ask"), target: "_blank", textContent: this.#title });
      this.#welcomed = new Promise((welcome) => (this.#welcome = welcome));
      // No policy can name the page of an app or of a disk, so none of them may frame us.
      if (!/^(https?|about|blob):/.test(location.protocol)) {
        this.#complain("scheme");
        return (this.#frame = instead);
      }
      const frame = make("iframe", { title: this.#title, referrerPolicy: "origin", src: this.#address("embed") });
      frame.allow = `clipboard-write${this.hasAttribute("voice") ? "; microphone" : ""}`;
      // The frame learns from this greeting, and from nothing else, whom it may talk to.
      frame.onload = () => this.#post("hello");
      // A frame that says nothing was refused or could not be loaded.
      setTimeout(() => {
        if (this.#frame !== frame || this.#heard) return;
        frame.before(instead);
        this.#complain("frame-src");
      }, PATIENCE_MS);
      return (this.#frame = frame);
    }

    #address(page) {
      const asked = { site: this.getAttribute("site") || "default", lang: this.language, mode: this.mode, theme: this.scheme };
      return `${origin}/${page}?${new URLSearchParams(asked)}`;
    }

    // Only our own frame is listened to, and only from our origin.
    #hear({ source, origin: from, data }) {
      if (source !== this.#frame?.contentWindow || from !== origin || data?.namespace !== TAG || data.version !== 1) return;
      const { type, name, detail, accent } = data;
      if (type === "close") this.close();
      if (type === "refused") this.#complain(data.why);
      if (type === "event" && EVENT.test(name)) this.#tell(name, detail);
      if (type !== "ready") return;
      this.#dye(accent);
      if (this.#heard) return;
      this.#heard = true;
      this.#welcome();
      // A frame that was focused while it was empty has lost the focus by loading its page.
      if (this.#panel?.open) this.#frame.focus();
      this.#tell("ready");
    }

    #post(type, fields) {
      this.#frame?.contentWindow?.postMessage({ namespace: TAG, version: 1, type, ...fields }, origin);
    }

    #send(...message) {
      this.#welcomed.then(() => this.#post(...message));
    }

    #tell(name, given) {
      const detail = {};
      for (const key of ["turn", "status", "verdict", "kind"]) if (given?.[key]) detail[key] = `${given[key]}`;
      this.dispatchEvent(new CustomEvent(`${TAG}:${name}`, { bubbles: true, composed: true, detail }));
    }
  }

  // For whoever looks after the page; the page that is named says what each of these few words means.
  function complain(why) {
    console.error(`${TAG}: no chat (${why}), see ${origin}/partners/check`);
  }

  // The lightness of the first ground behind an element; a page without one is white, unless it says that it is dark.
  function schemeOf(node) {
    for (; node; node = node.parentElement ?? node.getRootNode().host) {
      const [kind, red, green, blue, cover = 1] = getComputedStyle(node).backgroundColor.match(/^rgb|[\d.]+/g);
      if (kind === "rgb" && cover > 0.5) return 3 * red + 6 * green + 1 * blue < 1280 ? "dark" : "light";
    }
    const told = getComputedStyle(document.documentElement).colorScheme;
    return /dark/.test(told) && (!/light/.test(told) || matchMedia("(prefers-color-scheme:dark)").matches) ? "dark" : "light";
  }

  // Sheets made this way are allowed by a page's policy against inline styles; old browsers get an element.
  function dress(root) {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      root.adoptedStyleSheets = [sheet];
    } catch {
      root.append(make("style", { textContent: CSS }));
    }
  }

  // ExplainerChat('open' | 'close' | 'ask' | 'on' | 'off', …); what is wanted before there is a chat waits for it.
  function obey(command, ...given) {
    const [chat] = customElements.get(TAG).here;
    const change = { on: "addEventListener", off: "removeEventListener" }[command];
    if (change) document[change](`${TAG}:${given[0]}`, given[1]);
    else if (/^(open|close|ask)$/.test(command)) chat ? chat[command](...given) : early.push([command, ...given]);
  }

  const early = window.ExplainerChat?.q ?? [];
  const start = () => {
    const { here } = customElements.get(TAG);
    const { site, mode = "launcher" } = script.dataset;
    const isOurs = location.origin === origin;
    // A line that names no site adds a chat to our own pages only; elsewhere the page has its element, maybe later.
    if ((site || isOurs) && ![...here].some((one) => !site || one.getAttribute("site") === site)) {
      const chat = make(TAG);
      chat.setAttribute("mode", mode);
      for (const { name, value } of script.attributes) if (/^data-/.test(name)) chat.setAttribute(name.slice(5), value);
      // A frame in the flow of the page goes where the line stands; in the head nothing is shown.
      if (mode !== "launcher" && document.body.contains(script)) script.after(chat);
      else document.body.append(chat);
    }
    // Who brings no element in a while has forgotten the id.
    if (!site && !isOurs) setTimeout(() => here.size || complain("data-site"), PATIENCE_MS);
  };

  if (!customElements.get(TAG)) {
    customElements.define(TAG, ExplainerChatFrame);
    window.ExplainerChat = obey;
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
  // Turbo puts another body in place of the one that had the chat.
  document.addEventListener("turbo:load", start);
})();
