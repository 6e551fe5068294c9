// The element <explainer-chat>. The page brings its form and its list of turns, which work without script; the element
// takes the form's questions, asks the API and adds the turns to the list.
import { Bridge } from "./bridge.js";
import { ChatError, Client, newKey } from "./client.js";
import { button, element } from "./dom.js";
import { Keep } from "./keep.js";
import { answer, care, failure, isUrgent, reply, turn, waiting } from "./render.js";
import { addTools } from "./tools.js";
import { addVoice } from "./voice.js";
import { say } from "./words.js";

export class ExplainerChat extends HTMLElement {
  static define(tag = "explainer-chat", registry = customElements) {
    if (!registry.get(tag)) registry.define(tag, this);
  }

  #conversationId = null;
  #busy = false;
  #bridge = null;
  #keep = null;
  #count = 0;

  connectedCallback() {
    if (!this.client) this.#begin();
    this.addEventListener("submit", this);
    this.addEventListener("keydown", this);
    this.addEventListener("click", this);
    window.addEventListener("online", this);
    window.addEventListener("offline", this);
    document.addEventListener("visibilitychange", this);
  }

  disconnectedCallback() {
    this.removeEventListener("submit", this);
    this.removeEventListener("keydown", this);
    this.removeEventListener("click", this);
    window.removeEventListener("online", this);
    window.removeEventListener("offline", this);
    document.removeEventListener("visibilitychange", this);
  }

  get site() {
    return this.getAttribute("site");
  }

  get name() {
    return this.getAttribute("name");
  }

  get contact() {
    return this.getAttribute("contact");
  }

  // Tests put a stub here.
  fetch(...request) {
    return window.fetch(...request);
  }

  handleEvent(event) {
    if (event.type === "keydown") this.#takeKey(event);
    else if (event.type === "submit") this.#takeForm(event);
    else if (event.type === "click") this.#takeClick(event);
    else if (event.type === "offline") this.announce(say("error_offline"));
    else if (event.type === "visibilitychange") this.#comeBack();
    else this.#askAgain();
  }

  // `shown` stands in the list where the question is one of ours, in another language.
  async ask(question, { inContext = true, shown = question, key = newKey() } = {}) {
    if (this.#busy) return;
    this.#busy = true;
    this.announce(say("searching"));
    const [item, placeholder] = [turn(shown), waiting()];
    item.append(placeholder);
    this.#turns.append(item);
    this.#afterFirst();
    item.scrollIntoView({ block: "start" });
    placeholder.replaceWith(await this.#reply(item, question, inContext, key));
    this.#busy = false;
    this.#show(item);
  }

  announce(text) {
    this.querySelector("[role=status]").textContent = text;
  }

  tell(name, detail = {}) {
    const told = { turn: String(this.#count), ...detail };
    this.#bridge?.tell(name, told);
    this.dispatchEvent(new CustomEvent(`explainer-chat:${name}`, { bubbles: true, composed: true, detail: told }));
  }

  #begin() {
    const fetch = (...request) => this.fetch(...request);
    this.client = new Client({ fetch, site: this.site, token: this.getAttribute("token") });
    this.#keep = new Keep(this.site);
    this.#bridge = new Bridge((command, text) => {
      if (command === "ask" && text.trim()) this.ask(text.trim());
      else this.querySelector("h2").focus();
    });
    this.#conversationId = this.querySelector("input[name=conversation_id]")?.value || null;
    if (this.hasAttribute("voice")) addVoice(this.#box.form, this.#box, (text) => this.announce(text));
    if (!this.#conversationId) this.#restore();
  }

  // A family that comes back in the same tab sees its conversation again.
  async #restore() {
    const kept = this.#keep.read();
    if (!kept) return;
    this.#busy = true;
    try {
      const { turns, replies } = await this.client.conversation(kept.id);
      this.#conversationId = kept.id;
      for (const { turn_id, question, answer: given, feedback, opened } of turns) {
        if (!question || !given) continue;
        const item = turn(question);
        this.#draw(item, { ...given, turn_id, feedback_token: kept.tokens[turn_id] }, question, { voted: !!feedback, opened });
        this.#turns.append(item);
      }
      this.#afterFirst();
      this.announce(say("restored"));
      this.#showReplies(replies);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      if (error.kind === "unknown") this.#keep.clear();
    } finally {
      this.#busy = false;
    }
  }

  // A tab that was left open learns what a person wrote meanwhile when the family looks at it again.
  async #comeBack() {
    if (document.hidden || this.#busy || !this.#conversationId || !this.#turns.querySelector(".receipt")) return;
    try {
      const { replies } = await this.client.conversation(this.#conversationId);
      this.#showReplies(replies);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
    }
  }

  #showReplies(replies = []) {
    const unseen = replies.filter(({ reply_id }) => !this.querySelector(`[data-reply="${CSS.escape(reply_id)}"]`));
    const drawn = unseen.map((given) => {
      const node = reply(given);
      node.dataset.reply = given.reply_id;
      const item = this.#turns.querySelector(`[data-turn="${CSS.escape(given.turn_id)}"]`) ?? this.#turns.lastElementChild;
      item.append(node);
      return node;
    });
    if (drawn.length === 0) return;
    this.announce(say("replied"));
    drawn.at(-1).scrollIntoView({ block: "center" });
  }

  async #reply(item, message, inContext, key) {
    this.#count += 1;
    try {
      const given = await this.client.ask({ message, conversationId: this.#conversationId, inContext, key });
      this.#conversationId = given.conversation_id;
      this.#keep.add(given);
      this.#tellOf(given);
      return this.#draw(item, given, message);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      this.tell("error", { kind: error.kind });
      Object.assign(item.dataset, { failed: error.kind, key, inContext });
      return failure(error.kind, message, this.#careCards(error.problem));
    }
  }

  #tellOf({ status }) {
    const answered = status === "answered" || status === "referred_personal_medical";
    this.tell(isUrgent(status) ? "urgent-shown" : answered ? "answer-shown" : "no-answer", { status });
  }

  #draw(item, given, question, said) {
    const drawn = answer(given, this.name, question);
    item.dataset.turn = given.turn_id;
    item.append(drawn);
    addTools(drawn, given, this, said);
    return drawn;
  }

  // What the server says when it is closed; else what came with the page, which is there without any network.
  #careCards({ notices }) {
    if (notices) return notices.map((given) => care(given));
    const spare = this.querySelector("template");
    return spare ? [...spare.content.cloneNode(true).children] : [];
  }

  #takeForm(event) {
    const chosen = event.submitter?.name === "message" ? event.submitter : null;
    const box = this.#box;
    if (event.target.matches(".take")) return;
    event.preventDefault();
    const question = (chosen ?? box).value.trim();
    this.#complain(question === "" ? say("error_empty") : "");
    if (question === "") return box.focus();
    if (this.#busy) return;
    if (chosen?.closest(".failure")) return this.#retry(chosen.closest(".turn"), question);
    if (!chosen) box.value = "";
    this.ask(question, { inContext: chosen?.form?.elements.in_context?.value !== "no" });
  }

  #retry(item, question) {
    const { key, inContext } = item.dataset;
    const shown = item.querySelector(".question p").textContent;
    item.remove();
    this.ask(question, { key, inContext: inContext !== "false", shown });
  }

  #askAgain() {
    this.announce("");
    this.querySelector(".turn:last-child[data-failed=offline] .failure button")?.click();
  }

  #takeKey(event) {
    if (event.key === "Escape") return this.#bridge.close();
    if (event.target !== this.#box || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#box.form.requestSubmit();
  }

  #takeClick({ target }) {
    const card = target.closest?.("a.context")?.closest(".snippet");
    if (card) this.tell("source-clicked", { kind: card.className.split("from-")[1] });
  }

  // Focus on the answer makes a screen reader read it, so nothing else announces its words.
  #show(item) {
    this.announce("");
    const reply = item.querySelector(".answer");
    reply.focus({ preventScroll: true });
    // Neither the number to call nor the answer to a long story may be below the edge.
    const isLong = item.querySelector(".question").offsetHeight > window.innerHeight / 3;
    (item.querySelector(".care") ?? (isLong ? reply : item)).scrollIntoView({ block: "start" });
  }

  #complain(text) {
    this.querySelector(".problem").textContent = text;
  }

  #afterFirst() {
    this.querySelector(".first")?.remove();
    const foot = this.querySelector(".chat-foot");
    foot.hidden = false;
    if (foot.querySelector(".forget")) return;
    const opener = button(say("forget"), () => this.#confirm(foot, opener), { class: "tool forget" });
    foot.querySelector(".row").append(opener);
    foot.querySelector(".take").addEventListener("submit", (event) => {
      event.currentTarget.elements.conversation_id.value = this.#conversationId ?? "";
    });
  }

  #confirm(foot, opener) {
    const place = foot.querySelector(".place");
    const yes = button(say("forget_yes"), () => this.#forget(place), { class: "button" });
    const no = button(say("forget_no"), () => {
      place.replaceChildren();
      opener.focus();
    }, { class: "tool" });
    place.replaceChildren(element("p", {}, [say("forget_sure")]), element("div", { class: "row" }, [yes, no]));
    yes.focus();
  }

  async #forget(place) {
    try {
      const removed = this.#conversationId ? await this.client.forget(this.#conversationId) : { removed: 0, receipt: { id: "–" } };
      this.#keep.clear();
      this.#conversationId = null;
      this.#turns.replaceChildren();
      const words = say("forget_receipt", { count: removed.removed, id: removed.receipt.id });
      place.replaceChildren(element("p", { class: "receipt", tabindex: "-1" }, [words]));
      place.firstChild.focus();
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      this.announce(say("forget_failed"));
      place.firstChild.textContent = say("forget_failed");
    }
  }

  get #turns() {
    return this.querySelector(".turns");
  }

  get #box() {
    return this.querySelector(".composer textarea");
  }
}
