// The box that a question is typed in. What cannot be taken is said at the box, and nothing that was typed is lost.
import { element } from "./dom.js";
import { say } from "./words.js";

// The same as MAX_QUESTION_CHARS in parsing.py.
const MOST_CHARS = 2000;
const COUNTED_FROM = 1700;
// What is mended by writing it otherwise, and not by sending it again.
export const TO_BE_REWRITTEN = ["empty", "too_long", "rejected"];

export class Composer {
  #count = element("p", { class: "count" });
  #problem;
  #keep;

  // What was begun is kept in this tab until it is asked, so that a reload does not lose it.
  constructor(form, keep) {
    [this.form, this.#keep] = [form, keep];
    this.box = form.querySelector("textarea");
    this.#problem = form.querySelector(".problem");
    this.#count.id = "characters";
    form.querySelector(".row").after(this.#count);
    this.box.setAttribute("aria-describedby", "problem characters");
    this.box.addEventListener("input", () => this.#typed());
    if (this.box.value.trim() === "") this.box.value = keep.draft;
    this.#typed();
  }

  // The question in the box, or null where there is none that can be sent, and why is said.
  question() {
    const typed = this.box.value.trim();
    const kind = typed === "" ? "empty" : lengthOf(typed) > MOST_CHARS ? "too_long" : null;
    this.complain(kind);
    return kind ? null : typed;
  }

  // What was being read when the chat was opened.
  get about() {
    return this.form.elements.about?.value;
  }

  empty() {
    this.box.value = "";
    this.#typed();
  }

  // What could not be taken stands in the box again, unless something else was begun meanwhile.
  giveBack(question, kind) {
    if (this.box.value.trim() === "") this.box.value = question;
    this.#typed();
    this.complain(kind);
  }

  complain(kind) {
    this.#problem.textContent = kind ? say(`error_${kind}`) : "";
    if (kind) this.box.setAttribute("aria-invalid", "true");
    else this.box.removeAttribute("aria-invalid");
    if (kind) this.box.focus();
  }

  #typed() {
    this.#keep.draft = this.box.value;
    const count = lengthOf(this.box.value.trim());
    this.#count.textContent = count >= COUNTED_FROM ? say("characters", { count: count.toLocaleString(document.documentElement.lang) }) : "";
    this.#count.classList.toggle("too-many", count > MOST_CHARS);
    if (count <= MOST_CHARS && this.#problem.textContent === say("error_too_long")) this.complain(null);
  }
}

// As the server counts: code points, after accents have been joined to their letters.
function lengthOf(text) {
  return Array.from(text.normalize("NFC")).length;
}
