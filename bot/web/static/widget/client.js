// Talks to the API. Comes in: a question. Goes out: an Answer, or a ChatError whose kind is a key of the words.
const TIMEOUT_MS = 15_000;

export class ChatError extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

// `pass` holds the token of a partner's page and is given a fresh one when the server says that it is too old.
export async function askQuestion(fetch, { message, conversationId, site, inContext = true, pass = {} }) {
  const body = { message };
  if (conversationId) body.conversation_id = conversationId;
  if (site) body.site = site;
  if (!inContext) body.in_context = false;
  let response = await send(fetch, body, pass);
  if (response.ok) return readJson(response);
  let problem = await readJson(response).catch(() => ({}));
  if (problem.code === "chat_token_expired" && (await renew(fetch, pass))) {
    response = await send(fetch, body, pass);
    if (response.ok) return readJson(response);
    problem = await readJson(response).catch(() => ({}));
  }
  throw new ChatError(kindOf(response.status, problem.code));
}

async function renew(fetch, pass) {
  const response = await fetch("/api/v1/token", { headers: passHeader(pass), credentials: "omit" }).catch(() => null);
  if (!response?.ok) return false;
  pass.token = (await readJson(response)).token;
  return true;
}

function passHeader(pass) {
  return pass.token ? { "X-Chat-Token": pass.token } : {};
}

async function send(fetch, body, pass) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), TIMEOUT_MS);
  try {
    return await fetch("/api/v1/chat", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", ...passHeader(pass) },
      body: JSON.stringify(body),
      credentials: "omit",
      signal: patience.signal,
    });
  } catch (error) {
    if (error.name === "AbortError") throw new ChatError("slow");
    throw new ChatError(navigator.onLine ? "unavailable" : "offline");
  } finally {
    clearTimeout(timer);
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
  if (code === "empty" || code === "too_long") return code;
  if (status === 429) return "too_many";
  return status === 422 ? "rejected" : "unavailable";
}
