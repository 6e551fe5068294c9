// Where the eye and the focus go when there is an answer, when a person has replied, and when a panel is opened again.
import { reply } from "./render.js";

// Focus on the answer makes a screen reader say its name, which for that while is the answer; the number to call, which is
// an alert, gets the focus itself.
export function showTurn(item) {
  const reply = item.querySelector(".answer");
  const urgent = reply.querySelector(".urgent");
  (urgent?.querySelector("a") ?? reply).focus({ preventScroll: true });
  if (item.dataset.spoken && !urgent) speakOnce(reply, item.dataset.spoken);
  // Neither the number to call, nor why there is no answer, nor the answer to a long story may be below the edge.
  const isLong = item.querySelector(".question").offsetHeight > window.innerHeight / 3;
  const first = urgent ?? reply.querySelector(".reason") ?? (isLong ? reply : item);
  first.scrollIntoView({ block: "start" });
}

// What was answered last, where it was left; without any, the beginning. A frame that was hidden learns only later that it
// is seen again, and until then can neither give the focus nor scroll.
export function showAgain(last, beginning) {
  if (!last) return beginning.focus();
  requestAnimationFrame(() => {
    last.querySelector(".answer")?.focus({ preventScroll: true });
    const { top, bottom } = last.getBoundingClientRect();
    if (bottom <= 0 || top >= window.innerHeight) last.scrollIntoView({ block: "start" });
  });
}

function speakOnce(reply, words) {
  const name = reply.getAttribute("aria-label");
  reply.setAttribute("aria-label", words);
  reply.addEventListener("blur", () => reply.setAttribute("aria-label", name), { once: true });
}

// Puts what a person wrote under the turn that it is for, each once; the last that was new, if any.
export function addReplies(turns, replies) {
  const unseen = replies.filter(({ reply_id }) => !turns.querySelector(`[data-reply="${CSS.escape(reply_id)}"]`));
  const drawn = unseen.map((given) => {
    const node = reply(given);
    node.dataset.reply = given.reply_id;
    const item = turns.querySelector(`[data-turn="${CSS.escape(given.turn_id)}"]`) ?? turns.lastElementChild;
    item.append(node);
    return node;
  });
  return drawn.at(-1);
}
