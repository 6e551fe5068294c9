// The element <explainer-chat>. The page brings its form and its list of turns, which work without script; the element
// takes the form's questions, asks the API and adds the turns to the list.
import { Bridge } from "./bridge.js";
import { ChatError, Client, newKey } from "./client.js";
import { Composer, TO_BE_REWRITTEN } from "./composer.js";
import { element } from "./dom.js";
import { care, failure, isUrgent, turn, waiting } from "./first.js";
import { Keep } from "./keep.js";
import { showAgain, showTurn } from "./showing.js";
import { addVoice } from "./voice.js";
import { say } from "./words.js";

export class ExplainerChat extends HTMLElement {
  static define(tag = "explainer-chat", registry = customElements) {
    if (!registry.get(tag)) registry.define(tag, this);
  }

  #conversationId = null;
  #busy = false;
  #asking = Promise.resolve();
  #restored = Promise.resolve();
  #composer = null;
  #foot = null;
  #later = null;
  #bridge = null;
  #keep = null;
  #count = 0;

  connectedCallback() {
    if (!this.client) this.#begin();
    this.#hear("addEventListener");
  }

  disconnectedCallback() {
    this.#hear("removeEventListener");
  }

  #hear(change) {
    for (const name of ["submit", "keydown", "click", "input", "focusin"]) this[change](name, this);
    for (const name of ["online", "offline"]) window[change](name, this);
    document[change]("visibilitychange", this);
  }

  get site() {
    return this.getAttribute("site");
  }

  get name() {
    return this.getAttribute("name");
  }

  get publisher() {
    return this.getAttribute("publisher");
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
    else if (event.type === "input" || event.type === "focusin") event.target === this.#box && this.#fetchLater().catch(() => null);
    else if (event.type === "offline") this.announce(say("error_offline"));
    else if (event.type === "visibilitychange") this.#comeBack();
    else this.#askAgain();
  }

  // `shown` stands in the list where the question is one of ours, in another language.
  async ask(question, { inContext = true, shown = question, key = newKey() } = {}) {
    if (this.#busy) return;
    this.#busy = true;
    // Whom to call was looked at; the question that comes now is about something else.
    if (location.hash === "#emergency") location.hash = "message";
    this.announce(say("searching"));
    const [item, placeholder] = [turn(shown), waiting()];
    item.append(placeholder);
    this.#turns.append(item);
    this.#afterFirst();
    item.scrollIntoView({ block: "start" });
    this.#asking = this.#reply(item, question, inContext, key);
    const drawn = await this.#asking;
    this.#busy = false;
    if (TO_BE_REWRITTEN.includes(item.dataset.failed)) return this.#giveBack(item, question);
    placeholder.replaceWith(drawn);
    this.announce("");
    showTurn(item);
  }

  announce(text) {
    this.querySelector("[role=status]").textContent = text;
  }

  keepReceipt(turnId, receipt) {
    this.#keep.addReceipt(turnId, receipt);
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
    this.#composer = new Composer(this.querySelector(".composer"), this.#keep);
    this.#bridge = new Bridge((command, text) => {
      if (command === "ask" && text.trim()) this.ask(text.trim());
      else this.#showAgain();
    }, { light: this.getAttribute("accent-light"), dark: this.getAttribute("accent-dark") });
    this.#conversationId = this.querySelector("input[name=conversation_id]")?.value || null;
    if (this.hasAttribute("voice")) addVoice(this.#composer.form, this.#box, (text) => this.announce(text));
    const isNeeded = this.#conversationId || this.#keep.textSize !== 100;
    if (isNeeded) this.#fetchLater().catch(() => null);
    if (!this.#conversationId) this.#restored = this.#restore();
  }

  // What an answer needs. It comes while the family types; where the network is away it is fetched with the next question.
  #fetchLater() {
    this.#later ??= import("./later.js").then(({ default: later }) => this.#furnish(later)).catch(() => {
      this.#later = null;
      throw new ChatError(navigator.onLine ? "unavailable" : "offline");
    });
    return this.#later;
  }

  #furnish(later) {
    const foot = this.querySelector(".chat-foot");
    this.#foot = new later.Foot(foot, { id: () => this.#conversationId, forget: () => this.#forget() });
    later.addTextSize(foot.querySelector(".row"), this.#keep);
    return later;
  }

  // A panel that is opened while its conversation is still on the way begins at the title, and goes to what was answered
  // last once that is there, unless the family has gone elsewhere meanwhile.
  #showAgain() {
    const title = this.querySelector("h2");
    const show = () => showAgain(this.#turns.lastElementChild, title);
    show();
    this.#restored.then(() => document.activeElement === title && show());
  }

  // A family that comes back in the same tab sees its conversation again.
  async #restore() {
    const kept = this.#keep.read();
    if (!kept) return;
    this.#busy = true;
    try {
      const [{ turns, replies }, later] = await Promise.all([this.client.conversation(kept.id), this.#fetchLater()]);
      this.#conversationId = kept.id;
      for (const { turn_id, question, answer: given, feedback, opened } of turns) {
        if (!question || !given) continue;
        const item = turn(question);
        const said = { voted: !!feedback, opened, receipt: kept.receipts[turn_id] };
        item.append(this.#draw(later, item, { ...given, turn_id, feedback_token: kept.tokens[turn_id] }, question, said));
        this.#turns.append(item);
      }
      this.#afterFirst();
      this.announce(say("restored"));
      this.#showReplies(later, replies);
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
      const [{ replies }, later] = await Promise.all([this.client.conversation(this.#conversationId), this.#fetchLater()]);
      this.#showReplies(later, replies);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
    }
  }

  #showReplies(later, replies = []) {
    const last = later.addReplies(this.#turns, replies);
    if (!last) return;
    this.announce(say("replied"));
    last.scrollIntoView({ block: "center" });
  }

  async #reply(item, message, inContext, key) {
    this.#count += 1;
    try {
      const later = this.#fetchLater();
      // Why an answer cannot be drawn is said once the question was asked.
      later.catch(() => null);
      const given = await this.client.ask({ message, conversationId: this.#conversationId, inContext, key, about: this.#composer.about });
      this.#conversationId = given.conversation_id;
      this.#keep.add(given);
      this.#tellOf(given);
      return this.#draw(await later, item, given, message);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      this.tell("error", { kind: error.kind });
      Object.assign(item.dataset, { failed: error.kind, key, inContext });
      const contact = error.problem.contact_url ?? this.contact;
      return failure(error.kind, message, { cards: this.#careCards(error.problem), contact });
    }
  }

  // What has to be put otherwise goes back into the box; what is beside it stays.
  #giveBack(item, question) {
    this.announce("");
    item.remove();
    if (this.#turns.childElementCount === 0) this.#beforeFirst();
    this.#composer.giveBack(question, item.dataset.failed);
  }

  #tellOf({ status }) {
    const answered = status === "answered" || status === "referred_personal_medical";
    this.tell(isUrgent(status) ? "urgent-shown" : answered ? "answer-shown" : "no-answer", { status });
  }

  #draw({ answer, spoken, addTools, addMeanings }, item, given, question, said) {
    const drawn = answer(given, this, question);
    Object.assign(item.dataset, { turn: given.turn_id, spoken: spoken(given, drawn.getAttribute("aria-label")) });
    // Nothing is offered beside whom to call: neither does a person answer at once, nor is it for paper.
    if (!isUrgent(given.status)) addTools(drawn, given, this, said);
    addMeanings(drawn, given.terms);
    return drawn;
  }

  // What the server says when it is closed; else what came with the page, which is there without any network.
  #careCards({ notices }) {
    if (notices) return notices.map((given) => care(given));
    return [...this.querySelectorAll(".emergency .care")].map((card) => card.cloneNode(true));
  }

  #takeForm(event) {
    const chosen = event.submitter?.name === "message" ? event.submitter : null;
    if (event.target.matches(".take")) return;
    event.preventDefault();
    const question = chosen ? chosen.value.trim() : this.#composer.question();
    if (!question || this.#busy) return;
    if (chosen?.closest(".failure")) return this.#retry(chosen.closest(".turn"), question);
    if (!chosen) this.#composer.empty();
    this.ask(question, { inContext: chosen?.form?.elements.in_context?.value !== "no" });
  }

  #retry(item, question) {
    const { key, inContext } = item.dataset;
    const shown = item.querySelector(".question .words").textContent;
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

  #takeClick(event) {
    const { target } = event;
    if (target.closest?.("a.to-the-box")) {
      event.preventDefault();
      return this.#box.focus();
    }
    const card = target.closest?.("a.context")?.closest(".snippet");
    if (card) this.tell("source-clicked", { kind: card.className.split("from-")[1] });
  }

  #beforeFirst() {
    const first = this.querySelector(".first");
    if (first) first.hidden = false;
    this.#foot?.hide();
  }

  #afterFirst() {
    const first = this.querySelector(".first");
    if (first) first.hidden = true;
    this.querySelector(".forgotten")?.remove();
    this.querySelector(".chat-foot").hidden = false;
  }

  async #forget() {
    // A question that is still on its way would begin the conversation anew.
    await this.#asking;
    try {
      if (this.#conversationId) await this.client.forget(this.#conversationId);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      if (error.kind !== "unknown") {
        this.announce(say("forget_failed"));
        return false;
      }
    }
    this.#startAnew();
    return true;
  }

  // The screen is as before the first question, but for the sentence that all is deleted.
  #startAnew() {
    this.#keep.clear();
    this.#conversationId = null;
    window.speechSynthesis?.cancel();
    this.#turns.replaceChildren();
    for (const field of this.querySelectorAll("input[name=conversation_id]")) field.value = "";
    this.#composer.empty();
    this.#composer.complain(null);
    this.announce("");
    this.#beforeFirst();
    const receipt = element("p", { class: "receipt forgotten", tabindex: "-1" }, [say("forget_receipt")]);
    this.#turns.after(receipt);
    receipt.focus();
  }

  get #turns() {
    return this.querySelector(".turns");
  }

  get #box() {
    return this.#composer.box;
  }
}
