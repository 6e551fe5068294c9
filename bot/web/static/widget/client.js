// Talks to the API. Comes in: what a family asks or says. Goes out: what the server sent, or a ChatError whose kind is a
// key of the words. A question is sent at most twice, under one key, so that the server answers and keeps it once.
import { language } from "./words.js";

const TIMEOUT_MS = 15_000;
const BREATH_MS = 600;
const LOST = ["offline", "slow", "unavailable"];
const KINDS = { empty: "empty", too_long: "too_long", closed: "closed", site_disabled: "closed",
  sites_unavailable: "closed", bad_contact: "bad_contact", contact_unavailable: "no_contact", already_voted: "voted", unknown_conversation: "unknown" };

export class ChatError extends Error {
  constructor(kind, problem = {}) {
    super(kind);
    this.kind = kind;
    this.problem = problem;
  }
}

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export class Client {
  #fetch;
  #site;
  #token;

  // `token` is that of a partner's page; it is exchanged when the server says that it is too old.
  constructor({ fetch, site = null, token = null }) {
    [this.#fetch, this.#site, this.#token] = [fetch, site, token];
  }

  async ask({ message, conversationId, inContext = true, key, about }) {
    const body = { message, turn_key: key };
    if (conversationId) body.conversation_id = conversationId;
    else if (about) body.about = about;
    if (!inContext) body.in_context = false;
    if (language !== "en") body.lang = language;
    try {
      return await this.#post("/api/v1/chat", body);
    } catch (error) {
      const lost = error instanceof ChatError && LOST.includes(error.kind) && !error.problem.code;
      if (!lost || !navigator.onLine) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, BREATH_MS));
    return this.#post("/api/v1/chat", body);
  }

  vote(fields) {
    return this.#post("/api/v1/feedback", fields);
  }

  handOff(fields) {
    return this.#post("/api/v1/handoff", fields);
  }

  conversation(id) {
    return this.#request(`/api/v1/conversations/${id}`);
  }

  forget(id) {
    return this.#request(`/api/v1/conversations/${id}`, { method: "DELETE" });
  }

  #post(path, fields) {
    const body = JSON.stringify(this.#site ? { ...fields, site: this.#site } : fields);
    return this.#request(path, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  }

  async #request(path, options = {}) {
    let response = await this.#send(path, options);
    if (response.ok) return readJson(response);
    let problem = await readJson(response).catch(() => ({}));
    if (problem.code === "chat_token_expired" && (await this.#renew())) {
      response = await this.#send(path, options);
      if (response.ok) return readJson(response);
      problem = await readJson(response).catch(() => ({}));
    }
    throw new ChatError(kindOf(response.status, problem.code), problem);
  }

  async #renew() {
    const response = await this.#send("/api/v1/token").catch(() => null);
    if (!response?.ok) return false;
    this.#token = (await readJson(response)).token;
    return true;
  }

  async #send(path, options = {}) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), TIMEOUT_MS);
    const pass = this.#token ? { "X-Chat-Token": this.#token } : {};
    try {
      const headers = { Accept: "application/json", ...options.headers, ...pass };
      return await this.#fetch(path, { ...options, headers, credentials: "omit", signal: patience.signal });
    } catch (error) {
      if (error.name === "AbortError") throw new ChatError("slow");
      throw new ChatError(navigator.onLine ? "unavailable" : "offline");
    } finally {
      clearTimeout(timer);
    }
  }
}

async function readJson(response) {
  try {
    return await response.json();
  } catch {
    throw new ChatError("unavailable");
  }
}

function kindOf(status, code) {
  if (code in KINDS) return KINDS[code];
  if (status === 429) return "too_many";
  if (status === 401 || status === 403) return "expired";
  return status === 422 ? "rejected" : "unavailable";
}
