// From an Answer to elements. templates/turn.html draws the same for pages without script, and a test holds the two together.
import { element, link } from "./dom.js";
import { calls, care, form, isUrgent } from "./first.js";
import { longDate, say } from "./words.js";

const EXACT_WORDS = 12;
const EDGE_WORDS = 5;
// Quotations, titles and questions to go on with are in the language of the sources.
const CORPUS = { lang: "en", dir: "auto" };
const URGENT = ["emergency", "crisis"];

// `publisher` wrote what is quoted; on a partner's page that is not the partner. Without one, `name` is the service's own.
export function answer(given, { name, publisher }, question) {
  const credit = (found) => ({ ...found, publisher });
  const reply = { ...given, snippets: given.snippets.map(credit), near: (given.near ?? []).map(credit) };
  const label = say("answer_from", { name: publisher ?? name });
  const inside = isUrgent(reply.status) ? [urgent(reply)] : calm(reply, question);
  return element("div", { class: "answer", tabindex: "-1", role: "group", "aria-label": label }, [
    !isUrgent(reply.status) && element("p", { class: "who" }, [label]),
    !isUrgent(reply.status) && element("a", { class: "to-the-box", href: "#message" }, [say("to_the_box")]),
    ...inside,
  ]);
}

// A screen reader that meets the answer by focus says its name and no more, so for that while the name is the answer.
export function spoken(given, label) {
  const shown = given.snippets.map(({ text, sensitive }) => (sensitive ? say(`sensitive_${sensitive}`) : text));
  return [label, given.message ?? (shown.length === 0 ? say("no_answer") : null), ...shown].filter(Boolean).join(" ");
}

function calm(reply, question) {
  const answered = reply.snippets.length > 0;
  const message = reply.message ?? (answered ? null : say("no_answer"));
  const choosing = reply.status.startsWith("clarify_");
  const title = choosing ? message : say(answered ? "next_title" : "nearest_title");
  return [
    ...reply.notices.map((given) => notice(given, question)),
    message && !choosing && element("p", { class: "message" }, [message]),
    ...reply.snippets.map((found, at) => snippet(found, reply.snippets[at - 1])),
    ...(reply.near.length > 0 ? near(reply.near, reply.status === "unanswered_near" ? message : null) : []),
    reply.terms.length > 0 && terms(reply.terms),
    reply.related.length > 0 && related(reply.related),
    reply.suggestions.length > 0 && questions(reply.suggestions, title, choosing ? "choices" : "next"),
  ];
}

// Nothing competes with whom to call, and it is said at once.
function urgent({ message, notices }) {
  return element("div", { class: "urgent", role: "alert" }, notices.filter(({ kind }) => URGENT.includes(kind)).map((given) => care(given, message)));
}

// What a person of the service wrote, under the answer that they were asked about.
export function reply({ text, author_label, written_at }) {
  const label = say("reply_from", { name: author_label });
  return element("div", { class: "reply", tabindex: "-1", role: "group", "aria-label": label }, [
    element("h3", { class: "who" }, [label]),
    element("p", { dir: "auto" }, [text]),
    element("p", { class: "when" }, [longDate(written_at.slice(0, 10))]),
  ]);
}

function notice({ kind, text, actions }, question) {
  return element("div", { class: `notice notice-${kind.replace(/[^\w-]/g, "")}` }, [
    element("p", {}, [text]),
    actions.length > 0 && calls(actions),
    kind === "understood" && alone(question),
  ]);
}

// What comes from the same source as the quotation before it says so only once.
function snippet(found, before) {
  const { sensitive } = found;
  const shown = sensitive
    ? element("details", { class: "sensitive" }, [element("summary", {}, [say(`sensitive_${sensitive}`)]), quoted(found)])
    : quoted(found);
  return figure(found, shown, before?.source.id === found.source.id);
}

// Passages that may hold the answer: each is a row that one tap opens, and what is in it looks like no answer until then.
// `message` stands above them already when there is nothing else; below an answer they say themselves what they are.
function near(passages, message) {
  const rows = passages.map((found) => {
    const { text, source, sensitive } = found;
    const sentence = sensitive ? element("span", { class: "sentence" }, [say(`sensitive_${sensitive}`)]) : element("span", { class: "sentence", ...CORPUS }, [text]);
    const summary = element("summary", {}, [
      element("span", { class: "title", ...CORPUS }, [source.title]), " ",
      isTold(source.section) && element("span", { class: "section", ...CORPUS }, [source.section]), " ",
      sentence,
    ]);
    return element("li", {}, [element("details", {}, [summary, figure(found, quoted(found))])]);
  });
  return [
    !message && element("p", { class: "may-also" }, [say("may_also")]),
    element("ul", { class: "near", role: "list", "aria-label": say("near_list") }, rows),
  ];
}

function quoted({ text, highlights }) {
  return element("blockquote", {}, [element("p", CORPUS, marked(text, highlights))]);
}

function figure({ text, source, sensitive, publisher }, shown, again = false) {
  const name = `${say(`kind_${source.kind}`)}: ${source.title}`;
  return element("figure", { class: `snippet from-${source.kind}${again ? " again" : ""}`, "aria-label": name }, [
    shown,
    element("figcaption", { class: "source" }, [
      element("div", {}, [kindLabel(source.kind), element("cite", { class: "title", ...CORPUS }, [source.title])]),
      element("div", { class: "where" }, whereabouts(source, publisher)),
      link(inContext(source.url, sensitive ? "" : text), [
        say("read_in_context"),
        element("span", { class: "unseen" }, [` ${say("read_in_context_of", { title: source.title })}`]),
      ], { class: "context", target: "_blank", rel: keepsTab(source.url) ? "opener" : "noopener" }),
    ]),
  ]);
}

// Answers that were kept before a review had to be named have a day alone, which was that of the last change.
function looked({ reviewed_on, reviewed_by, updated_on, changed_since_review }) {
  const said = changed_since_review ? "reviewed_and_changed" : "reviewed";
  if (reviewed_on && reviewed_by) return say(said, { name: reviewed_by, date: longDate(reviewed_on) });
  const day = updated_on || reviewed_on;
  return day && say("updated", { date: longDate(day) });
}

// A page of ours that is opened from a page of ours keeps the conversation, so that "Ask" leads back to it.
function keepsTab(url) {
  return window.parent === window && new URL(url, location.href).origin === location.origin;
}

// The same rule as told_section in presentation.py: a heading that every explainer has says nothing to a family.
function isTold(section) {
  return section && section !== "Plain-English explanation";
}

// What an article says was published by somebody else, whom its title names.
function whereabouts(source, publisher) {
  const { kind, section, speaker, start_s, outdated } = source;
  const speech = [speaker, start_s !== null && say("at_time", { time: clock(start_s) })].filter(Boolean).join(" ");
  const facts = [isTold(section) && section, speech, looked(source), publisher && kind !== "article" && say("published_by", { publisher })];
  return [
    ...facts.filter(Boolean).map((fact) => element("span", {}, [fact])),
    outdated && element("span", { class: "outdated" }, [say("outdated")]),
  ];
}

function terms(list) {
  const entries = list.map(({ term, definition }) =>
    element("details", {}, [element("summary", CORPUS, [term]), element("p", CORPUS, [definition])]),
  );
  return element("div", { class: "terms" }, [element("h4", {}, [say("terms_title")]), ...entries]);
}

function related(list) {
  const items = list.map(({ kind, title, url }) =>
    element("li", {}, [kindLabel(kind), " ", link(url, [title], { target: "_blank", rel: "noopener", ...CORPUS })]),
  );
  return element("div", { class: "related" }, [element("h4", {}, [say("related_title")]), element("ul", {}, items)]);
}

function questions(list, title, kind) {
  const items = list.map((question) =>
    element("li", {}, [element("button", { name: "message", value: question, ...CORPUS }, [question])]),
  );
  return form([element("h4", {}, [title]), element("ul", {}, items)], { class: `questions ${kind}` });
}

// How a follow-up was understood can be undone by one tap: the same question, standing alone.
function alone(question) {
  return form(
    [
      element("input", { type: "hidden", name: "in_context", value: "no" }),
      element("button", { name: "message", value: question }, [say("understood_alone")]),
    ],
    { class: "undo" },
  );
}

function kindLabel(kind) {
  return element("span", { class: `kind kind-${kind}` }, [say(`kind_${kind}`)]);
}

// Positions from the server count code points; JavaScript strings count UTF-16 units, so an emoji before a highlight
// would shift it.
function marked(text, highlights) {
  const points = Array.from(text);
  const pieces = [];
  let position = 0;
  for (const [start, end] of highlights) {
    pieces.push(points.slice(position, start).join(""), element("mark", {}, [points.slice(start, end).join("")]));
    position = end;
  }
  return [...pieces, points.slice(position).join("")].filter((piece) => piece !== "");
}

// The same rule as in_context in links.py.
export function inContext(url, text) {
  const list = text.trim().split("\n", 1)[0].replace(/^[-•*]\s+/, "").split(/\s+/).filter(Boolean);
  if (!url.startsWith("/") || url.includes(":~:") || list.length === 0) return url;
  const parts = list.length <= EXACT_WORDS ? [list] : [list.slice(0, EDGE_WORDS), list.slice(-EDGE_WORDS)];
  return `${url}${url.includes("#") ? "" : "#"}:~:text=${parts.map(escaped).join(",")}`;
}

function escaped(list) {
  const strict = (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(list.join(" ")).replace(/[-!'()*]/g, strict);
}

export function clock(seconds) {
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, String(whole % 60).padStart(2, "0")];
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}
