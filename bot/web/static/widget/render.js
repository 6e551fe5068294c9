// From an Answer to elements. Text goes in as text only; templates/turn.html draws the same for pages without script,
// and a test holds the two together.
import words from "./strings.en.js";

const EXACT_WORDS = 12;
const EDGE_WORDS = 5;

export function say(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

export function turn(question) {
  return element("li", { class: "turn" }, [
    element("div", { class: "question" }, [element("h3", { class: "who" }, [say("you_asked")]), element("p", {}, [question])]),
  ]);
}

export function waiting() {
  return element("p", { class: "waiting" }, [say("searching")]);
}

export function answer(reply, name, question) {
  const answered = reply.snippets.length > 0;
  const message = reply.message ?? (answered ? null : say("no_answer"));
  return element("div", { class: "answer", tabindex: "-1", role: "group", "aria-label": say("answer_from", { name }) }, [
    element("h3", { class: "who" }, [say("answer_from", { name })]),
    ...reply.notices.map((given) => notice(given, question)),
    message && element("p", { class: "message" }, [message]),
    ...reply.snippets.map(snippet),
    reply.terms.length > 0 && terms(reply.terms),
    reply.related.length > 0 && related(reply.related),
    reply.suggestions.length > 0 && questions(reply.suggestions, say(answered ? "next_title" : "nearest_title")),
  ]);
}

export function failure(kind, question) {
  return element("div", { class: "answer failure", tabindex: "-1", role: "group", "aria-label": say("error_title") }, [
    element("h4", {}, [say("error_title")]),
    element("p", {}, [say(`error_${kind}`)]),
    form([element("button", { class: "button", name: "message", value: question }, [say("retry")])]),
  ]);
}

function notice({ kind, text, actions }, question) {
  return element("div", { class: `notice notice-${kind.replace(/[^\w-]/g, "")}` }, [
    element("p", {}, [text]),
    actions.length > 0 &&
      element("div", { class: "actions" }, actions.map(({ label, href }) => link(href, [label], { class: "button" }))),
    kind === "understood" && alone(question),
  ]);
}

function snippet({ text, highlights, source }) {
  return element("figure", { class: `snippet from-${source.kind}` }, [
    element("blockquote", {}, [element("p", {}, marked(text, highlights))]),
    element("figcaption", { class: "source" }, [
      element("div", {}, [kindLabel(source.kind), element("cite", { class: "title" }, [source.title])]),
      element("div", { class: "where" }, whereabouts(source)),
      link(inContext(source.url, text), [
        say("read_in_context"),
        element("span", { class: "unseen" }, [` ${say("read_in_context_of", { title: source.title })}`]),
      ], { class: "context", target: "_blank", rel: "noopener" }),
    ]),
  ]);
}

function whereabouts({ section, speaker, start_s, reviewed_on }) {
  const speech = [speaker, start_s !== null && say("at_time", { time: clock(start_s) })].filter(Boolean).join(" ");
  const facts = [section, speech, reviewed_on && say("reviewed", { date: longDate(reviewed_on) })];
  return facts.filter(Boolean).map((fact) => element("span", {}, [fact]));
}

function terms(list) {
  const entries = list.flatMap(({ term, definition }) => [element("dt", {}, [term]), element("dd", {}, [definition])]);
  return element("div", { class: "terms" }, [element("h4", {}, [say("terms_title")]), element("dl", {}, entries)]);
}

function related(list) {
  const items = list.map(({ kind, title, url }) =>
    element("li", {}, [kindLabel(kind), " ", link(url, [title], { target: "_blank", rel: "noopener" })]),
  );
  return element("div", { class: "related" }, [element("h4", {}, [say("related_title")]), element("ul", {}, items)]);
}

function questions(list, title) {
  const items = list.map((question) =>
    element("li", {}, [element("button", { name: "message", value: question }, [question])]),
  );
  return form([element("h4", {}, [title]), element("ul", {}, items)], { class: "questions next" });
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

function form(children, attributes = {}) {
  return element("form", { method: "post", action: "/ask", ...attributes }, children);
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

// A link that a script could hide in is shown as plain text.
function link(href, children, attributes) {
  const safe = /^(https?:\/\/|mailto:|tel:|sms:|\/(?![/\\])|#)/i.test(href) && !/[\u0000-\u0020\u007f]/.test(href);
  return safe ? element("a", { href, ...attributes }, children) : element("span", {}, children);
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

function clock(seconds) {
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, String(whole % 60).padStart(2, "0")];
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

function longDate(iso) {
  const day = new Date(`${iso}T00:00:00Z`);
  if (Number.isNaN(day.getTime())) return iso;
  return day.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}

function element(name, attributes, children = []) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children.filter((child) => child !== null && child !== false));
  return node;
}
