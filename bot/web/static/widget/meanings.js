// Hard words of a quotation: a tap shows what one means right below it. The quotation stays word for word.
import { button, element } from "./dom.js";
import { say } from "./words.js";

const CORPUS = { lang: "en", dir: "auto" };

// Terms that stand in no quotation as they are written stay in the list below the answer.
export function addMeanings(answer, terms) {
  const quotes = [...answer.querySelectorAll(":scope > .snippet blockquote")];
  const listed = [...answer.querySelectorAll(":scope > .terms details")];
  const rest = terms.filter(({ term, definition }, at) => {
    const found = quotes.some((quote) => mark(quote, term, definition));
    if (found) listed[at]?.remove();
    return !found;
  });
  if (rest.length === 0) answer.querySelector(":scope > .terms")?.remove();
}

// The first place where the term is written makes a button; false where there is none.
function mark(quote, term, definition) {
  const written = new RegExp(`(?<![\\p{L}\\p{N}])${term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?:e?s)?(?![\\p{L}\\p{N}])`, "iu");
  const walker = document.createTreeWalker(quote, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest("button") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  while (walker.nextNode()) {
    const place = written.exec(walker.currentNode.data);
    if (!place) continue;
    const word = walker.currentNode.splitText(place.index);
    word.splitText(place[0].length);
    word.replaceWith(opener(place[0], term, definition, quote));
    return true;
  }
  return false;
}

function opener(written, term, definition, quote) {
  const meaning = element("p", { class: "meaning" }, [
    element("strong", CORPUS, [term]), " ", element("span", CORPUS, [definition]),
  ]);
  const word = button(written, () => {
    const opens = !meaning.isConnected;
    quote.parentElement.querySelectorAll(".meaning").forEach((other) => other.remove());
    quote.querySelectorAll(".word").forEach((other) => other.setAttribute("aria-expanded", "false"));
    if (opens) quote.after(meaning);
    word.setAttribute("aria-expanded", String(opens));
  }, { class: "word", "aria-expanded": "false", title: say("word_meaning") });
  return word;
}
