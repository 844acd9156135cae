// What modules ask of the server, beside htmx.

const REFUSALS = [400, 429]; // something to mend, or to ask again later: the answer says it

/** Read at each request: signing in again in another tab changes it. */
export function csrfToken() {
  const pair = document.cookie.split("; ").find((each) => each.startsWith("csrftoken="));
  return pair ? decodeURIComponent(pair.slice("csrftoken=".length)) : "";
}

/** The response to a form (`body`) sent by hand; rejects without network. */
export function post(address, body) {
  const headers = { "X-CSRFToken": csrfToken(), Accept: "application/json" };
  return fetch(address, { method: "POST", body, headers });
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
    const response = await fetch(`${address}?${query}`, { headers, signal, redirect: "error" });
    return response.ok || REFUSALS.includes(response.status) ? await jsonOf(response) : null;
  } catch {
    return null;
  }
}
