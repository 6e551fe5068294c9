// What a partner puts on a page: defines <explainer-chat>, a frame of our origin with the chat in it. The page around it
// never sees a question. One line is enough: <script async src="https://HOST/widget.js"></script>
(() => {
  "use strict";
  const script = document.currentScript;
  const origin = new URL(script.src).origin;

  class ExplainerChatFrame extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      const frame = document.createElement("iframe");
      frame.src = `${origin}/embed?${new URLSearchParams({ site: this.getAttribute("site") ?? "default" })}`;
      frame.title = this.getAttribute("label") ?? "Ask a question";
      frame.loading = "lazy";
      frame.referrerPolicy = "origin";
      // Set one by one through the object model, which a host's policy against inline styles allows.
      Object.assign(frame.style, { display: "block", width: "100%", height: "min(40rem, 90vh)", border: "0", colorScheme: "auto" });
      this.attachShadow({ mode: "open" }).append(frame);
    }
  }

  if (!customElements.get("explainer-chat")) customElements.define("explainer-chat", ExplainerChatFrame);
  if (!document.querySelector("explainer-chat")) {
    const chat = document.createElement("explainer-chat");
    if (script.dataset.site) chat.setAttribute("site", script.dataset.site);
    // In the head nothing is shown, so the chat then goes to the end of the page, which may not be read yet.
    if (!script.closest("head")) script.after(chat);
    else if (document.readyState !== "loading") document.body.append(chat);
    else document.addEventListener("DOMContentLoaded", () => document.body.append(chat));
  }
})();
