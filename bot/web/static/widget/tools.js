// What can be done with an answer, where there is script: say whether it helped, ask a person, take it along, hear it.
import { reading } from "./aloud.js";
import { ChatError } from "./client.js";
import { button, element, field, link } from "./dom.js";
import { say } from "./words.js";

const REASONS = ["not_what_i_asked", "too_hard_to_read", "wrong_condition", "out_of_date", "upsetting", "other"];
const SHOWN_MS = 4000;
const [COMMENT_CHARS, NOTE_CHARS, CONTACT_CHARS] = [1000, 2000, 254];

// `chat` gives: client, contact, announce(text), ask(question, {shown}), tell(name, detail). `voted` and `opened` are what
// this family said before.
export function addTools(node, reply, chat, { voted = false, opened = [], receipt = null } = {}) {
  node.querySelectorAll(".near details").forEach((row, place) => {
    const found = reply.near[place];
    row.querySelector(".source").append(taking([found], reply.build, chat, row, "tool small"));
    row.open = opened.includes(place);
    watch(row, place, reply, chat, row.open);
  });
  const place = element("div", { class: "place" }, [receipt && received(receipt)]);
  const answered = reply.snippets.length > 0;
  const more = taking(reply.snippets, reply.build, chat, node);
  more.hidden = true;
  const rated = reply.feedback_token && !voted && /^(answered|unanswered|referred_personal)/.test(reply.status);
  const row = [
    answered && button(say("more"), () => chat.ask("Tell me more", { shown: say("more") }), { class: "tool" }),
    person(reply, chat, place),
    answered && dots(more),
    rated && helpful(reply, chat, place),
  ];
  const all = element("div", { class: "tools" }, [element("div", { class: "row" }, row), answered && more, place]);
  // Close to the quotation that they are about; where a choice is to be made first, below it.
  node.insertBefore(all, node.querySelector(":scope > .may-also, :scope > .terms, :scope > .related, :scope > .next"));
}

// What is done seldom waits behind one button.
function dots(more) {
  const opener = button("⋯", () => {
    more.hidden = !more.hidden;
    opener.setAttribute("aria-expanded", String(!more.hidden));
    if (!more.hidden) more.firstChild.focus();
  }, { class: "tool dots", "aria-label": say("more_tools"), title: say("more_tools"), "aria-expanded": "false" });
  return opener;
}

// Which passage a family opens tells what it asked for. That is kept once, and never in its way: a failure is not shown.
function watch(row, place, { turn_id, feedback_token }, chat, known) {
  let kept = known || !feedback_token;
  row.addEventListener("toggle", () => {
    if (!row.open || kept) return;
    kept = true;
    chat.client.vote({ turn_id, feedback_token, opened: place }).catch((error) => {
      if (!(error instanceof ChatError)) throw error;
      kept = false;
    });
  });
}

function helpful(reply, chat, place) {
  const box = element("div", { class: "helpful", role: "group", "aria-label": say("helpful") });
  const send = async (verdict, more = {}) => {
    const { turn_id, feedback_token } = reply;
    await chat.client.vote({ turn_id, feedback_token, verdict, ...more }).catch((error) => {
      if (error.kind !== "voted") throw error;
    });
    chat.tell("feedback-sent", { verdict });
    box.replaceChildren(thanks(say("helpful_thanks")));
    box.firstChild.focus();
  };
  const up = button(say("yes"), () => send("up").catch(() => chat.announce(say("person_failed"))), { class: "tool" });
  const down = button(say("no"), () => open(place, down, (close) => reasons(send, close, chat)), { class: "tool", "aria-expanded": "false" });
  box.append(element("span", {}, [say("helpful")]), up, down);
  return box;
}

function reasons(send, close, chat) {
  const boxes = REASONS.map((code) => {
    const box = element("input", { type: "checkbox", value: code });
    return element("label", { class: "check" }, [box, say(`reason_${code}`)]);
  });
  const comment = element("textarea", { rows: "2", maxlength: String(COMMENT_CHARS) });
  const form = ownForm(say("reasons"), [
    element("fieldset", {}, [element("legend", {}, [say("reasons")]), ...boxes]),
    field(unique("comment"), say("comment"), comment),
  ], say("send_feedback"), close);
  onSend(form, async () => {
    const chosen = [...form.querySelectorAll(":checked")].map((box) => box.value);
    await send("down", { reasons: chosen, comment: comment.value.trim() || null });
    close({ focus: false });
  }, chat);
  return form;
}

function person(reply, chat, place) {
  const opener = button(say("person"), () => open(place, opener, (close) => asking(reply, chat, close)), { class: "tool", "aria-expanded": "false" });
  return opener;
}

function asking(reply, chat, close) {
  const note = element("textarea", { rows: "3", maxlength: String(NOTE_CHARS) });
  const contact = element("input", { type: "text", maxlength: String(CONTACT_CHARS), autocomplete: "email", inputmode: "email" });
  const form = ownForm(say("person"), [
    element("p", {}, [say("person_lead")]),
    field(unique("note"), say("person_note"), note),
    field(unique("contact"), say("person_contact"), contact),
  ], say("person_send"), close);
  onSend(form, async () => {
    const given = { turn_id: reply.turn_id, note: note.value.trim() || null, contact: contact.value.trim() || null };
    const { contact_kept, come_back_code } = await chat.client.handOff(given);
    chat.keepReceipt(reply.turn_id, { contact_kept, come_back_code });
    form.replaceWith(received({ contact_kept, come_back_code, contact: given.contact }));
    close({ keep: true });
  }, chat);
  return form;
}

// A form of the script's own: the element takes none of its questions from it.
function ownForm(label, children, send, close) {
  const buttons = [element("button", { class: "button" }, [send]), button(say("cancel"), () => close(), { class: "tool" })];
  return element("form", { class: "own", "aria-label": label }, [
    ...children,
    element("p", { class: "problem", id: unique("problem-of-form") }),
    element("div", { class: "row" }, buttons),
  ]);
}

function onSend(form, send, chat) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    // A button that is switched off loses the focus, so a second press is passed over instead.
    if (form.dataset.sending) return;
    form.dataset.sending = "yes";
    try {
      await send();
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      refuse(form, error.kind, chat);
    } finally {
      delete form.dataset.sending;
    }
  });
}

// Says why at the form, and leads to the field that has to be mended.
function refuse(form, kind, chat) {
  const known = { bad_contact: "person_bad_contact", no_contact: "person_no_contact" };
  const problem = form.querySelector(".problem");
  const way = kind === "no_contact" && chat.contact
    ? [" ", say("person_use_contact"), " ", link(chat.contact, [say("contact")], { target: "_blank", rel: "noopener" })]
    : [];
  problem.replaceChildren(say(known[kind] ?? "person_failed"), ...way);
  const wrong = kind in known ? form.querySelector("input[inputmode=email]") : null;
  form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
  if (wrong) {
    wrong.setAttribute("aria-invalid", "true");
    wrong.setAttribute("aria-describedby", problem.id);
    wrong.focus();
  } else {
    chat.announce(problem.textContent);
  }
}

// One form at a time; focus goes into it, and back to what opened it.
function open(place, opener, make) {
  const wasOpen = opener.getAttribute("aria-expanded") === "true";
  const all = place.parentElement.querySelectorAll("[aria-expanded]:not(.dots)");
  const close = ({ focus = true, keep = false } = {}) => {
    all.forEach((one) => one.setAttribute("aria-expanded", "false"));
    if (keep) place.firstChild?.focus();
    else place.replaceChildren();
    if (focus && !keep) opener.focus();
  };
  if (wasOpen) return close();
  close({ focus: false });
  opener.setAttribute("aria-expanded", "true");
  place.append(make(close));
  place.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !place.querySelector("form")) return;
    event.stopPropagation();
    close();
  });
  place.querySelector("input, textarea").focus();
  place.scrollIntoView({ block: "nearest" });
}

function thanks(words) {
  return element("p", { class: "receipt", tabindex: "-1" }, [words]);
}

// What was given as an address stands there only until the page is left; it is kept nowhere in the browser.
function received({ contact_kept, come_back_code, contact = null }) {
  const words = [say("person_receipt")];
  if (contact_kept) words.push(contact ? say("person_reply_to", { contact }) : say("person_reply"));
  else if (!come_back_code) words.push(say("person_no_reply"));
  const sentences = element("p", {}, [words.join(" ")]);
  if (!come_back_code) return element("div", { class: "receipt", tabindex: "-1" }, [sentences]);
  return element("div", { class: "receipt", tabindex: "-1" }, [
    sentences,
    element("p", {}, [say("come_back"), " ", element("strong", { class: "code" }, [come_back_code])]),
    link("/comeback", [say("come_back_page")], { target: "_blank", rel: "noopener" }),
  ]);
}

function taking(snippets, build, chat, shown, style = "tool") {
  const address = new URLSearchParams({ build });
  snippets.forEach(({ id }) => address.append("snippet", id));
  const quotes = snippets.map(({ text, source }) => `“${text}”\n${say(`kind_${source.kind}`)}: ${source.title}\n${new URL(source.url, location.origin).href}`);
  const quoted = [...shown.querySelectorAll(":scope > .snippet blockquote")];
  const read = snippets.map((one, at) => [one.text, quoted[at], one.sensitive]).filter(([, , sensitive]) => !sensitive || style !== "tool");
  return element("div", { class: style === "tool" ? "row taking" : "tools row taking" }, [
    copying(quotes.join("\n\n"), chat, style),
    element("a", { class: style, href: `${location.origin}/answers?${address}`, target: "_blank", rel: "noopener" }, [say("permalink")]),
    "speechSynthesis" in window && read.length > 0 && reading(read, style),
  ]);
}

// Whether it worked is said on the button itself, where it is seen, and by the announcer.
function copying(text, chat, style) {
  const control = button(say("copy"), async () => {
    const words = say((await copied(text)) ? "copied" : "copy_failed");
    control.textContent = words;
    chat.announce(words);
    setTimeout(() => {
      control.textContent = say("copy");
    }, SHOWN_MS);
  }, { class: style });
  return control;
}

// In a frame whose page does not allow the clipboard, the older way still copies.
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const focused = document.activeElement;
    const field = element("textarea", { class: "unseen", readonly: true, "aria-hidden": "true" }, [text]);
    document.body.append(field);
    field.focus({ preventScroll: true });
    field.select();
    const worked = document.execCommand("copy");
    field.remove();
    focused?.focus({ preventScroll: true });
    return worked;
  }
}

let forms = 0;
function unique(name) {
  return `${name}-${++forms}`;
}
