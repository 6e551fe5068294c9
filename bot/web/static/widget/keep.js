// What this tab keeps: the id of the conversation and the tokens of its answers, and nothing before the first question.
// Where storage is refused, as in some frames, the chat works without it.
export class Keep {
  #name;

  constructor(site) {
    this.#name = `explainer-chat:${site ?? "default"}`;
  }

  read() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.#name));
      return typeof kept?.id === "string" ? { tokens: {}, ...kept } : null;
    } catch {
      return null;
    }
  }

  add({ conversation_id, turn_id, feedback_token }) {
    const before = this.read();
    const tokens = before?.id === conversation_id ? before.tokens : {};
    this.#write({ id: conversation_id, tokens: { ...tokens, [turn_id]: feedback_token } });
  }

  clear() {
    this.#write(null);
  }

  #write(value) {
    try {
      if (value) sessionStorage.setItem(this.#name, JSON.stringify(value));
      else sessionStorage.removeItem(this.#name);
    } catch {
      return;
    }
  }
}
