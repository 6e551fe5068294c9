// Larger or smaller text in the chat, for this tab; everything is measured by the size of the page's letters.
import { button, element } from "./dom.js";
import { say } from "./words.js";

const [LEAST, MOST, STEP] = [100, 200, 25];

export function addTextSize(row, keep) {
  let size = keep.textSize;
  const change = (step) => {
    size = Math.min(MOST, Math.max(LEAST, size + step));
    keep.textSize = size;
    show();
  };
  const smaller = button("A−", () => change(-STEP), { class: "tool", "aria-label": say("text_smaller") });
  const larger = button("A+", () => change(STEP), { class: "tool", "aria-label": say("text_larger") });
  // A button that is switched off would lose the focus.
  const show = () => {
    document.documentElement.style.fontSize = size === LEAST ? "" : `${size}%`;
    smaller.setAttribute("aria-disabled", size <= LEAST);
    larger.setAttribute("aria-disabled", size >= MOST);
  };
  row.append(element("div", { class: "row text-size", role: "group", "aria-label": say("text_size") }, [smaller, larger]));
  show();
}
