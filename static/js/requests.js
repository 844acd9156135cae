// What modules ask of the server, beside htmx. Without a page too: the service worker uses it.

const REFUSALS = [400, 429]; // something to mend, or to ask again later: the answer says it

/** Read at each request: signing in again in another tab changes it. */
export function csrfToken() {
  const pair = document.cookie.split("; ").find((each) => each.startsWith("csrftoken="));
  return pair ? decodeURIComponent(pair.slice("csrftoken=".length)) : "";
}

/** The response to a form (`body`) sent by hand; rejects without network, and when `signal` says to
    wait no longer. */
export async function post(address, body, signal) {
  const headers = { "X-CSRFToken": csrfToken(), Accept: "application/json" };
  return noticed(await fetch(address, { method: "POST", body, headers, signal }));
}

/** What a response says in JSON; null where it is a page: of signing in, of an error, of a proxy. */
export async function jsonOf(response) {
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  return isJson ? response.json() : null;
}

/** The JSON answer of `address`, a refusal's too; null without network, when signed in no more, or
    when `signal` has taken the question back. */
export async function ask(address, parameters, signal) {
  try {
    const headers = { Accept: "application/json" };
    const query = new URLSearchParams(parameters);
    const asked = fetch(`${address}?${query}`, { headers, signal, redirect: "error" });
    const response = await noticed(await asked);
    return response.ok || REFUSALS.includes(response.status) ? await jsonOf(response) : null;
  } catch {
    return null;
  }
}

/** The same response. Where it says that nobody is signed in any more, sign-in.js is told, which
    asks for it: whoever asked goes on as after any refusal. */
async function noticed(response) {
  if (response.status === 403 && (await jsonOf(response.clone()))?.sign_in) {
    document.dispatchEvent(new CustomEvent("signed-out"));
  }
  return response;
}

/** Who is signed in now: { owner, csrf_token }, the owner being "" for nobody. Rejects without
    network, and where something else answers in the place of our server. */
export async function currentSession(options = {}) {
  const headers = { Accept: "application/json" };
  const response = await fetch("/session/", { headers, cache: "no-store", ...options });
  const session = response.ok ? await jsonOf(response) : null;
  if (!session) {
    throw new Error("no session");
  }
  return session;
}
