// Talks to the API. Comes in: a question. Goes out: an Answer, or a ChatError whose kind is a key of the words.
const TIMEOUT_MS = 15_000;

export class ChatError extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

export async function askQuestion(fetch, { message, conversationId, site, inContext = true }) {
  const body = { message };
  if (conversationId) body.conversation_id = conversationId;
  if (site) body.site = site;
  if (!inContext) body.in_context = false;
  const response = await send(fetch, body);
  if (response.ok) return readJson(response);
  const problem = await readJson(response).catch(() => ({}));
  throw new ChatError(kindOf(response.status, problem.code));
}

async function send(fetch, body) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), TIMEOUT_MS);
  try {
    return await fetch("/api/v1/chat", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
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
  return status === 422 ? "rejected" : "unavailable";
}
