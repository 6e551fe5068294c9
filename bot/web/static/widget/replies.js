// What a person replied, each under the turn that it is for.
import { reply } from "./render.js";

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
