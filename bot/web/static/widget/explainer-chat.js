// The element <explainer-chat>. The page brings its form and its list of turns, which work without script; the element
// takes the form's questions, asks the API and adds the turns to the list.
import { askQuestion, ChatError } from "./client.js";
import { answer, failure, say, turn, waiting } from "./render.js";

export class ExplainerChat extends HTMLElement {
  static define(tag = "explainer-chat", registry = customElements) {
    if (!registry.get(tag)) registry.define(tag, this);
  }

  #conversationId = null;
  #busy = false;
  #pass = {};

  connectedCallback() {
    this.#pass.token ??= this.getAttribute("token");
    this.#conversationId = this.querySelector("input[name=conversation_id]")?.value || null;
    this.addEventListener("submit", this);
    this.addEventListener("keydown", this);
  }

  disconnectedCallback() {
    this.removeEventListener("submit", this);
    this.removeEventListener("keydown", this);
  }

  get site() {
    return this.getAttribute("site");
  }

  get name() {
    return this.getAttribute("name");
  }

  // Tests put a stub here.
  fetch(...request) {
    return window.fetch(...request);
  }

  handleEvent(event) {
    if (event.type === "keydown") this.#sendOnEnter(event);
    else this.#takeForm(event);
  }

  async ask(question, { inContext = true } = {}) {
    if (this.#busy) return;
    this.#busy = true;
    this.#announce(say("searching"));
    const item = turn(question);
    const placeholder = waiting();
    item.append(placeholder);
    this.#turns.append(item);
    this.#hideFirstQuestions();
    item.scrollIntoView({ block: "start" });
    placeholder.replaceWith(await this.#reply(question, inContext));
    this.#busy = false;
    this.#show(item);
  }

  async #reply(message, inContext) {
    try {
      const fetch = (...request) => this.fetch(...request);
      const reply = await askQuestion(fetch, {
        message,
        conversationId: this.#conversationId,
        site: this.site,
        inContext,
        pass: this.#pass,
      });
      this.#conversationId = reply.conversation_id;
      this.#tell("answer-shown", { turn_id: reply.turn_id, status: reply.status });
      return answer(reply, this.name, message);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      this.#tell("error", { kind: error.kind });
      return failure(error.kind, message);
    }
  }

  #takeForm(event) {
    const chosen = event.submitter?.name === "message" ? event.submitter : null;
    const box = this.#box;
    event.preventDefault();
    const question = (chosen ?? box).value.trim();
    this.#complain(question === "" ? say("error_empty") : "");
    if (question === "") return box.focus();
    if (this.#busy) return;
    if (chosen?.closest(".failure")) chosen.closest(".turn").remove();
    if (!chosen) box.value = "";
    this.ask(question, { inContext: chosen?.form?.elements.in_context?.value !== "no" });
  }

  #sendOnEnter(event) {
    if (event.target !== this.#box || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#box.form.requestSubmit();
  }

  // Focus on the answer makes a screen reader read it, so nothing else announces its words.
  #show(item) {
    this.#announce("");
    item.querySelector(".answer").focus({ preventScroll: true });
    item.scrollIntoView({ block: "start" });
  }

  #announce(text) {
    this.querySelector("[role=status]").textContent = text;
  }

  #complain(text) {
    this.querySelector(".problem").textContent = text;
  }

  #hideFirstQuestions() {
    this.querySelector(".first")?.remove();
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`explainer-chat:${name}`, { bubbles: true, composed: true, detail }));
  }

  get #turns() {
    return this.querySelector(".turns");
  }

  get #box() {
    return this.querySelector("textarea");
  }
}
