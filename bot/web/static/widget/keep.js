// What this tab keeps: the id of the conversation, the tokens of its answers and the codes to come back with, and nothing
// before the first question.
// Where storage is refused, as in some frames, the chat works without it.
export class Keep {
  #name;

  constructor(site) {
    this.#name = `explainer-chat:${site ?? "default"}`;
  }

  read() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.#name));
      return typeof kept?.id === "string" ? { tokens: {}, receipts: {}, ...kept } : null;
    } catch {
      return null;
    }
  }

  add({ conversation_id, turn_id, feedback_token }) {
    const before = this.read();
    const { tokens, receipts } = before?.id === conversation_id ? before : { tokens: {}, receipts: {} };
    this.#write({ id: conversation_id, tokens: { ...tokens, [turn_id]: feedback_token }, receipts });
  }

  // That a person was asked, with the code to come back with, so that it is still there after a reload.
  addReceipt(turn_id, receipt) {
    const before = this.read();
    if (before) this.#write({ ...before, receipts: { ...before.receipts, [turn_id]: receipt } });
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
