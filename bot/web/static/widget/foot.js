// What can be done with the whole chat, below it: have it printed, have it forgotten.
import { button, element } from "./dom.js";
import { say } from "./words.js";

export class Foot {
  #node;
  #place;
  #forget;
  #opener = button(say("forget"), () => this.#confirm(), { class: "tool forget" });

  // `id()` is the conversation's, null if there is none; `forget()` deletes it, and says whether it is gone.
  constructor(node, { id, forget }) {
    [this.#node, this.#place, this.#forget] = [node, node.querySelector(".place"), forget];
    node.querySelector(".row").append(this.#opener);
    node.querySelector(".take").addEventListener("submit", ({ currentTarget }) => {
      currentTarget.elements.conversation_id.value = id() ?? "";
    });
  }

  hide() {
    this.#node.hidden = true;
    this.#place.replaceChildren();
  }

  #confirm() {
    const question = element("p", {}, [say("forget_sure")]);
    const yes = button(say("forget_yes"), async () => {
      if (!(await this.#forget())) question.textContent = say("forget_failed");
    }, { class: "button" });
    const no = button(say("forget_no"), () => {
      this.#place.replaceChildren();
      this.#opener.focus();
    }, { class: "tool" });
    this.#place.replaceChildren(question, element("div", { class: "row" }, [yes, no]));
    yes.focus();
  }
}
