// What can be shown before anything else was fetched: a question, that it is looked for, whom to call, and why there is no
// answer. templates/turn.html draws the same for pages without script.
import { element, link } from "./dom.js";
import { say } from "./words.js";

export function isUrgent(status) {
  return status === "referred_emergency" || status === "referred_crisis";
}

// The question is the heading of its turn, so that a list of headings says what was asked.
export function turn(question) {
  const asked = [element("span", { class: "who" }, [say("you_asked")]), " ", element("span", { class: "words", dir: "auto" }, [question])];
  return element("li", { class: "turn" }, [element("div", { class: "question" }, [element("h3", {}, asked)])]);
}

export function waiting() {
  return element("p", { class: "waiting" }, [say("searching")]);
}

// In an emergency the number comes first; who feels alone is met with a sentence first.
export function care({ kind, text, actions }, message = null) {
  const words = element("p", { class: "message" }, [message ?? text]);
  const numbers = calls(actions);
  return element("section", { class: `notice notice-${kind} care` }, [
    element("h4", {}, [say(`care_${kind}`)]),
    ...(kind === "emergency" ? [numbers, words] : [words, numbers]),
  ]);
}

// Why there is no answer and what to do about it come first, whom to call after it.
export function failure(kind, question, { cards = [], contact = null } = {}) {
  const label = `${say("error_title")}. ${say(`error_${kind}`)}`;
  return element("div", { class: "answer failure", tabindex: "-1", role: "group", "aria-label": label }, [
    element("div", { class: "reason" }, [
      element("h4", {}, [say("error_title")]),
      element("p", {}, [say(`error_${kind}`)]),
      form([element("button", { class: "button", name: "message", value: question }, [say("retry")])]),
      contact && link(contact, [say("contact")], { target: "_blank", rel: "noopener" }),
    ]),
    ...cards,
  ]);
}

// A telephone is opened from the top, as frames need; a page is opened beside this one, and never over it.
export function calls(actions) {
  const links = actions.map(({ label, href, why }) =>
    element("div", { class: "call" }, [
      link(href, labelled(label, href), { class: "button", ...(/^https?:/i.test(href) ? { target: "_blank", rel: "noopener" } : { target: "_top" }) }),
      why && element("p", { class: "why" }, [why]),
    ]),
  );
  return element("div", { class: "actions" }, links);
}

// The same rule as number_of in presentation.py: a number that is dialled stands on a line of its own.
function labelled(label, href) {
  const [, words, number] = (/^(?:tel|sms):/i.test(href) && /^(.*\D)(\d[\d ]*)$/.exec(label)) || [];
  return number ? [element("span", { class: "do" }, [`${words.trim()} `]), element("span", { class: "number" }, [number])] : [label];
}

export function form(children, attributes = {}) {
  return element("form", { method: "post", action: "/ask", ...attributes }, children);
}
