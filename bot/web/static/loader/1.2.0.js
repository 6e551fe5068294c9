(() => {
"use strict";
const script = document.currentScript;
const origin = new URL(script.src).origin;
const TAG = "explainer-chat";
const [NAMESPACE, VERSION] = [TAG, 1];
const PATIENCE_MS = 10_000;
const MODES = ["launcher", "inline", "full"];
const EVENTS = ["ready", "opened", "closed", "answer-shown", "no-answer", "urgent-shown", "source-clicked", "feedback-sent", "error"];
const DETAILS = ["turn", "status", "verdict", "kind"];
const WORDS = {
en: { open: "Ask a question", close: "Close", alone: "Open the chat in a tab of its own" },
es: { open: "Haga una pregunta", close: "Cerrar", alone: "Abrir el chat en una pestaña propia" },
};
const COMPLAINTS = {
unnamed: "the line has no data-site, so there is no chat: add data-site=\"site_…\"",
site: "no site has the id of data-site: compare it with the line that you were given",
origin: "this page is not on the list of pages that may show this chat: ask us to add its address",
silent: "the frame says nothing: a policy of this page (frame-src) may refuse it, or the network is away",
};
const CSS = `
:host { display: block; color-scheme: light; --a: var(--explainer-chat-accent, #1d5c5a); --o: var(--explainer-chat-on-accent, #fff);
--g: #fffdfa; --i: #2c2520; --l: #8f8172; }
:host([hidden]) { display: none; }
.dark { color-scheme: dark; --a: var(--explainer-chat-accent-dark, var(--explainer-chat-accent, #8fd0c6));
--o: var(--explainer-chat-on-accent-dark, var(--explainer-chat-on-accent, #10302d)); --g: #24211e; --i: #efe7dc; --l: #8d8073; }
* { box-sizing: border-box; }
iframe { display: block; flex: 1; width: 100%; min-height: 0; border: 0; color-scheme: inherit; background: var(--g); }
.inline { display: flex; flex-direction: column; height: min(42rem, 90vh); border: 1px solid var(--l); border-radius: 16px; overflow: hidden; }
.full { display: flex; flex-direction: column; height: 100vh; height: 100dvh; }
button { font: 600 16px/1.25 system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; cursor: pointer; }
button:focus-visible, a:focus-visible { outline: 3px solid var(--i); outline-offset: 2px; box-shadow: 0 0 0 3px var(--g); }
.launcher { position: fixed; inset-block-end: max(16px, env(safe-area-inset-bottom)); inset-inline-end: 16px; z-index: 2147483646;
display: flex; gap: 9px; align-items: center; min-height: 52px; max-width: calc(100vw - 32px); padding: 10px 20px 10px 16px;
border: 1px solid transparent; border-radius: 26px; background: var(--a); color: var(--o); box-shadow: 0 2px 12px rgb(0 0 0 / 25%); }
.launcher svg { flex: none; width: 24px; height: 24px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
.launcher[hidden] { display: none; }
.panel { position: fixed; inset: auto; inset-block-end: max(16px, env(safe-area-inset-bottom)); inset-inline-end: 16px; z-index: 2147483647;
display: flex; flex-direction: column; margin: 0; padding: 0; max-width: none; max-height: none; width: min(27rem, calc(100vw - 32px)); height: min(46rem, calc(100vh - 32px));
height: min(46rem, calc(100dvh - 32px)); overflow: hidden;
background: var(--g); color: var(--i); border: 1px solid var(--l); border-radius: 16px; box-shadow: 0 8px 40px rgb(0 0 0 / 28%); }
.panel:not([open]) { display: none; }
.launcher.left, .panel.left { inset-inline: 16px auto; }
.bar { display: flex; flex: none; align-items: center; justify-content: space-between; padding: 2px 6px 2px 18px; }
.bar span { font: 600 17px/1.3 ui-serif, Georgia, serif; }
.bar button { min-width: 44px; min-height: 44px; padding: 0 12px; border: 0; border-radius: 22px; background: none; color: var(--i); }
.bar button:hover { text-decoration: underline; }
p { margin: 0; padding: 12px 18px; font: 16px/1.5 system-ui, sans-serif; }
a { color: inherit; }
@media (max-width: 30rem), (max-height: 30rem) {
.panel, .panel.left { inset: var(--top, 0px) 0 auto; width: 100%; height: var(--height, 100%); border: 0; border-radius: 0; }
}
@media (prefers-reduced-motion: no-preference) { .panel { animation: rise .16s ease-out; } @keyframes rise { from { transform: translateY(10px); opacity: 0; } } }
@media (forced-colors: active) { .launcher { border-color: ButtonText; } }
@media print { :host { display: none; } }`;
const make = (name, fields = {}, children = []) => {
const node = document.createElement(name);
for (const [key, value] of Object.entries(fields)) key in node && !/^aria|role/.test(key) ? (node[key] = value) : node.setAttribute(key, value);
node.append(...children);
return node;
};
class ExplainerChatFrame extends HTMLElement {
static observedAttributes = ["site", "mode", "lang", "voice", "theme", "accent", "accent-dark", "position"];
static here = new Set();
#frame = null;
#panel = null;
#launcher = null;
#full = matchMedia("(max-width: 30rem), (max-height: 30rem)");
#ready = false;
#refused = false;
#dyed = new Set();
#waiting = [];
connectedCallback() {
if (!this.shadowRoot) dress(this.attachShadow({ mode: "open" }));
ExplainerChatFrame.here.add(this);
window.addEventListener("message", this);
this.#full.addEventListener("change", this);
window.visualViewport?.addEventListener("resize", this);
window.visualViewport?.addEventListener("scroll", this);
this.#dye({ light: this.getAttribute("accent"), dark: this.getAttribute("accent-dark") });
if (this.mode === "launcher") this.#drawLauncher();
else this.shadowRoot.append(make("div", { className: `${this.mode} ${this.scheme}` }, [this.#makeFrame()]));
}
disconnectedCallback() {
ExplainerChatFrame.here.delete(this);
window.removeEventListener("message", this);
this.#full.removeEventListener("change", this);
window.visualViewport?.removeEventListener("resize", this);
window.visualViewport?.removeEventListener("scroll", this);
this.#frame = this.#panel = this.#launcher = null;
[this.#ready, this.#refused, this.#waiting] = [false, false, []];
this.shadowRoot.replaceChildren();
}
attributeChangedCallback(_, before, after) {
if (!this.shadowRoot || !this.isConnected || before === after) return;
this.disconnectedCallback();
this.connectedCallback();
}
get mode() {
const asked = this.getAttribute("mode");
return MODES.includes(asked) ? asked : "inline";
}
get language() {
return this.getAttribute("lang") || this.closest("[lang]")?.lang || document.documentElement.lang || "en";
}
get scheme() {
const asked = this.getAttribute("theme");
return asked === "light" || asked === "dark" ? asked : schemeOf(this);
}
get #look() {
return `${this.scheme}${this.getAttribute("position") === "left" ? " left" : ""}`;
}
get isOpen() {
return this.mode !== "launcher" || !!this.#panel?.open;
}
open() {
if (!this.isConnected || this.isOpen) return;
if (!this.#panel) this.shadowRoot.append((this.#panel = this.#makePanel()));
this.#show();
this.#frame.focus();
this.#send("open");
this.#tell("opened");
}
close() {
if (this.mode !== "launcher" || !this.isOpen) return;
this.#panel.close();
this.#launcher.hidden = false;
this.#launcher.focus();
this.#tell("closed");
}
ask(text) {
this.open();
this.#send("ask", { text: String(text).slice(0, 2000) });
}
handleEvent(event) {
if (event.type === "keydown") return event.key === "Escape" && this.close();
if (event.type === "change") return this.#panel?.open && (this.#panel.close(), this.#show());
if (event.type === "resize" || event.type === "scroll") return this.#fit();
if (event.type === "cancel") return event.preventDefault(), this.close();
const { source, origin: from, data } = event;
if (!this.#frame || source !== this.#frame.contentWindow || from !== origin) return;
if (data?.namespace !== NAMESPACE || data.version !== VERSION) return;
if (data.type === "close") this.close();
if (data.type === "ready") this.#welcome(data.accent);
if (data.type === "refused") this.#complain(data.why);
if (data.type === "event" && EVENTS.includes(data.name)) this.#tell(data.name, data.detail);
}
#drawLauncher() {
const words = wordsIn(this.language);
this.#launcher = make("button", { type: "button", className: `launcher ${this.#look}`, "aria-haspopup": "dialog" }, [
bubble(),
make("span", { textContent: this.getAttribute("label") || words.open }),
]);
this.#launcher.setAttribute("part", "launcher");
this.#launcher.addEventListener("click", () => this.open());
this.shadowRoot.append(this.#launcher);
}
#makePanel() {
const [words, title] = [wordsIn(this.language), this.getAttribute("label") || wordsIn(this.language).open];
const close = make("button", { type: "button", textContent: words.close });
close.addEventListener("click", () => this.close());
const bar = make("div", { className: "bar" }, [make("span", { textContent: title }), close]);
const panel = make("dialog", { className: `panel ${this.#look}`, "aria-label": title }, [bar, this.#makeFrame()]);
panel.setAttribute("part", "panel");
panel.addEventListener("keydown", this);
panel.addEventListener("cancel", this);
return panel;
}
#show() {
if (this.#full.matches) this.#panel.showModal();
else this.#panel.show();
this.#launcher.hidden = true;
this.#fit();
}
#fit() {
const view = window.visualViewport;
if (!view || !this.#panel) return;
this.#panel.style.setProperty("--top", `${view.offsetTop}px`);
this.#panel.style.setProperty("--height", `${view.height}px`);
}
#dye({ light, dark } = {}) {
for (const [name, colour] of [["--explainer-chat-accent", light], ["--explainer-chat-accent-dark", dark ?? (light && "#8fd0c6")]]) {
if (!/^#[\da-f]{6}$/i.test(colour ?? "")) continue;
if (this.#dyed.has(name)) this.style.removeProperty(name);
if (getComputedStyle(this).getPropertyValue(name)) continue;
this.style.setProperty(name, colour);
this.#dyed.add(name);
}
}
#complain(why) {
this.#refused = true;
console.error(`${TAG}: ${COMPLAINTS[why] ?? COMPLAINTS.silent}`);
this.#tell("error", { kind: "frame" });
}
#makeFrame() {
const frame = make("iframe", { title: this.getAttribute("label") || wordsIn(this.language).open, referrerPolicy: "origin" });
frame.allow = `clipboard-write${this.hasAttribute("voice") ? "; microphone" : ""}`;
frame.src = this.#address("/embed", { mode: this.mode, theme: this.scheme });
frame.addEventListener("load", () => frame.contentWindow?.postMessage(message("hello"), origin));
setTimeout(() => this.#frame === frame && !this.#ready && !this.#refused && this.#offerPage(frame), PATIENCE_MS);
return (this.#frame = frame);
}
#offerPage(frame) {
const link = make("a", { href: this.#address("/ask"), target: "_blank", rel: "noopener", textContent: wordsIn(this.language).alone });
frame.before(make("p", {}, [link]));
this.#complain("silent");
}
#address(path, more = {}) {
return `${origin}${path}?${new URLSearchParams({ site: this.getAttribute("site") || "default", lang: this.language, ...more })}`;
}
#welcome(accent) {
this.#dye(accent ?? {});
const first = !this.#ready;
this.#ready = true;
if (first && this.#panel && this.isOpen) this.#frame.focus();
for (const sent of this.#waiting.splice(0)) this.#frame.contentWindow.postMessage(sent, origin);
if (first) this.#tell("ready");
}
#send(type, fields) {
if (this.#ready) this.#frame.contentWindow.postMessage(message(type, fields), origin);
else this.#waiting.push(message(type, fields));
}
#tell(name, given = {}) {
const known = DETAILS.filter((key) => typeof given?.[key] === "string").map((key) => [key, given[key]]);
const detail = Object.fromEntries(known);
this.dispatchEvent(new CustomEvent(`${TAG}:${name}`, { bubbles: true, composed: true, detail }));
}
}
function message(type, fields = {}) {
return { namespace: NAMESPACE, version: VERSION, type, ...fields };
}
function schemeOf(node) {
for (let at = node; at; at = at.parentElement ?? at.getRootNode().host) {
const ground = getComputedStyle(at).backgroundColor;
const [red, green, blue, cover = 1] = /^rgb/.test(ground) ? ground.match(/[\d.]+/g).map(Number) : [0, 0, 0, 0];
if (cover > 0.5) return 0.3 * red + 0.6 * green + 0.1 * blue < 128 ? "dark" : "light";
}
const told = getComputedStyle(document.documentElement).colorScheme;
const dark = told.includes("dark") && (!told.includes("light") || matchMedia("(prefers-color-scheme: dark)").matches);
return dark ? "dark" : "light";
}
function wordsIn(language) {
return WORDS[language.toLowerCase().split("-")[0]] ?? WORDS.en;
}
function dress(root) {
try {
const sheet = new CSSStyleSheet();
sheet.replaceSync(CSS);
root.adoptedStyleSheets = [sheet];
} catch {
const [style, replace] = [make("style", { textContent: CSS }), root.replaceChildren];
root.append(style);
root.replaceChildren = () => replace.call(root, style);
}
}
function bubble() {
const svg = (name) => document.createElementNS("http://www.w3.org/2000/svg", name);
const [icon, path] = [svg("svg"), svg("path")];
icon.setAttribute("viewBox", "0 0 24 24");
icon.setAttribute("aria-hidden", "true");
path.setAttribute("d", "M4 5h16v11h-9l-4 4v-4H4z");
icon.append(path);
return icon;
}
function obey(command, ...given) {
const [chat] = ExplainerChatFrame.here;
if (command === "on") document.addEventListener(`${TAG}:${given[0]}`, given[1]);
else if (command === "off") document.removeEventListener(`${TAG}:${given[0]}`, given[1]);
else if (["open", "close", "ask"].includes(command)) {
if (chat) chat[command](...given);
else if (command !== "close") early.push([command, ...given]);
}
}
const early = [];
const start = () => {
const wanted = script.dataset.site;
const same = [...customElements.get(TAG).here].some((one) => !wanted || one.getAttribute("site") === wanted);
if (!same && (wanted || location.origin === origin)) {
const chat = make(TAG);
const { site, mode = "launcher", lang, label, voice, theme, accent, accentDark, position } = script.dataset;
const told = { site, mode, lang, label, voice, theme, accent, "accent-dark": accentDark, position };
for (const [key, value] of Object.entries(told)) if (value !== undefined) chat.setAttribute(key, value);
if (mode !== "launcher" && !script.closest("head") && script.isConnected) script.after(chat);
else document.body.append(chat);
}
for (const command of early.splice(0)) obey(...command);
const bare = () => customElements.get(TAG).here.size === 0 && console.warn(`${TAG}: ${COMPLAINTS.unnamed}`);
if (!wanted && location.origin !== origin) setTimeout(bare, PATIENCE_MS);
};
if (!customElements.get(TAG)) {
customElements.define(TAG, ExplainerChatFrame);
const queued = window.ExplainerChat?.q ?? [];
window.ExplainerChat = obey;
for (const command of queued) obey(...command);
}
if (document.readyState === "loading" && (script.closest("head") || (script.dataset.mode ?? "launcher") === "launcher")) {
document.addEventListener("DOMContentLoaded", start);
} else start();
document.addEventListener("turbo:load", start);
})();
