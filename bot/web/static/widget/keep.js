// What this tab keeps: the id of the conversation, the tokens of its answers, the codes to come back with, the question that
// is being written and the size of the text; nothing before something is typed or chosen.
// Where storage is refused, as in some frames, the chat works without it.
export class Keep {
  #name;

  constructor(site) {
    this.#name = `explainer-chat:${site ?? "default"}`;
  }

  read() {
    try {
      const kept = JSON.parse(load(this.#name));
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
    this.draft = "";
  }

  // The question that is being written.
  get draft() {
    return load(`${this.#name}:draft`) ?? "";
  }

  set draft(text) {
    store(`${this.#name}:draft`, text.trim() ? text : null);
  }

  // How much larger the text is, in hundredths; it stays when a chat is forgotten.
  get textSize() {
    return Number(load("explainer-chat:text-size")) || 100;
  }

  set textSize(hundredths) {
    store("explainer-chat:text-size", hundredths === 100 ? null : String(hundredths));
  }

  #write(value) {
    store(this.#name, value && JSON.stringify(value));
  }
}

function load(name) {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

function store(name, value) {
  try {
    if (value) sessionStorage.setItem(name, value);
    else sessionStorage.removeItem(name);
  } catch {
    return;
  }
}
