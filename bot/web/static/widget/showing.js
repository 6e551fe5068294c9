// Where the eye and the focus go when there is an answer, and when a panel is opened again.
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
// is seen again, and until then has no size, can neither give the focus nor scroll.
export function showAgain(last, beginning) {
  if (!last) return beginning.focus();
  const show = () => {
    if (window.innerHeight === 0) return requestAnimationFrame(show);
    last.querySelector(".answer")?.focus({ preventScroll: true });
    // The way to an answer is slow on purpose, and a panel that is closed on the way stops it there: what nobody got to see
    // is gone to at once. Who was reading in the middle of the answer stays there.
    const [{ bottom }, question] = [last.getBoundingClientRect(), last.querySelector(".question").getBoundingClientRect()];
    const edge = document.querySelector(".composer").getBoundingClientRect().top;
    if (bottom <= 0 || question.bottom > Math.min(edge, window.innerHeight)) last.scrollIntoView({ block: "start", behavior: "instant" });
  };
  requestAnimationFrame(show);
}

function speakOnce(reply, words) {
  const name = reply.getAttribute("aria-label");
  reply.setAttribute("aria-label", words);
  reply.addEventListener("blur", () => reply.setAttribute("aria-label", name), { once: true });
}
