// The frame's side of the talk with the page around it: commands come in, names of events and statuses go out, never a
// word that was typed or answered. The loader greets first, and from the browser's own word for its origin the frame learns
// whom it may talk to; which origins may frame us at all is said by the frame-ancestors of our page.
const [NAMESPACE, VERSION] = ["explainer-chat", 1];
const COMMANDS = ["open", "ask"];
// The greeting comes as soon as the page has loaded, and the words of its language may come later: what is said until
// there is a bridge is kept for it.
const early = [];
const keep = (event) => early.push(event);
if (window.parent !== window) window.addEventListener("message", keep);

export class Bridge {
  #host = null;
  #obey;
  #accent;

  // `accent` is told to the page, so that its button has the colour of the chat.
  constructor(obey, accent = {}) {
    this.#accent = accent;
    this.#obey = obey;
    if (window.parent === window) return;
    window.removeEventListener("message", keep);
    window.addEventListener("message", this);
    for (const event of early.splice(0)) this.handleEvent(event);
  }

  handleEvent({ source, origin, data }) {
    if (source !== window.parent || data?.namespace !== NAMESPACE || data.version !== VERSION) return;
    if (data.type === "hello" && this.#host === null && /^https?:\/\//.test(origin)) {
      this.#host = origin;
      this.#send({ type: "ready", accent: this.#accent });
    } else if (origin === this.#host && COMMANDS.includes(data.type)) {
      this.#obey(data.type, typeof data.text === "string" ? data.text : "");
    }
  }

  close() {
    this.#send({ type: "close" });
  }

  tell(name, detail) {
    this.#send({ type: "event", name, detail });
  }

  #send(fields) {
    if (this.#host) window.parent.postMessage({ namespace: NAMESPACE, version: VERSION, ...fields }, this.#host);
  }
}
