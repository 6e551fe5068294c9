// Reads quotations aloud with the browser's own voice, and marks the sentence that is being read where the browser can.
import { button } from "./dom.js";
import { say } from "./words.js";

const SENTENCE = /[^.!?\n]+[.!?]*["”’)]*\s*/g;

// `read` are pairs of a text and the element that shows it.
export function reading(read, style = "tool") {
  const voice = window.speechSynthesis;
  const done = () => {
    control.setAttribute("aria-pressed", "false");
    control.textContent = say("read_aloud");
    unmark();
  };
  const control = button(say("read_aloud"), () => {
    const speaking = control.getAttribute("aria-pressed") === "true";
    voice.cancel();
    done();
    if (speaking) return;
    control.setAttribute("aria-pressed", "true");
    control.textContent = say("stop_reading");
    const sentences = read.flatMap(([text, shown]) => [...text.matchAll(SENTENCE)].map(({ 0: words, index }) => [words, shown, index]));
    sentences.forEach(([words, shown, at], place) => {
      const said = new SpeechSynthesisUtterance(words.trim());
      said.lang = "en";
      said.onstart = () => control.getAttribute("aria-pressed") === "true" && mark(shown, at, at + words.trimEnd().length);
      said.onerror = done;
      if (place === sentences.length - 1) said.onend = done;
      voice.speak(said);
    });
  }, { class: style, "aria-pressed": "false" });
  return control;
}

// The whole quotation has a bar at its side; the sentence is marked where the browser paints ranges.
function mark(shown, start, end) {
  unmark();
  shown.classList.add("being-read");
  if (!CSS.highlights) return;
  const range = new Range();
  const walker = document.createTreeWalker(shown, NodeFilter.SHOW_TEXT);
  for (let at = 0; walker.nextNode(); at += walker.currentNode.length) {
    const { currentNode: node } = walker;
    if (at <= start && start < at + node.length) range.setStart(node, start - at);
    if (at < end && end <= at + node.length) range.setEnd(node, end - at);
  }
  CSS.highlights.set("being-read", new Highlight(range));
}

function unmark() {
  document.querySelectorAll(".being-read").forEach((shown) => shown.classList.remove("being-read"));
  CSS.highlights?.delete("being-read");
}
