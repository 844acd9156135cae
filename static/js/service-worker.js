// The pages that open without network: those that have a shell, the same for everybody, which finds
// what it shows on the device; those of worksheets, of which the browser has copies (copies.js). In
// the place of any other, one that says what can be opened. And the files that these pages need.

import { SYNC_TAG, UNREACHABLE, sendWaiting } from "./capture-sending.js";
import { copyAt, forgetCopy } from "./copies.js";

const PREFIX = "shells-";
const POLICY = "Content-Security-Policy";
const PATIENCE = 5000; // ms before what is kept stands in for a network that doesn't answer
const GONE = [403, 404, 410]; // not, or no longer, for whoever is signed in
const HASH = /\.[0-9a-f]{12}(?=\.[^./]+$)/; // of a file's content, in its name

/** `version` changes with the content of any file; `shells` says by path which shell stands in
    for a page, and `offline` what does for all others; `files` are addresses of static files. */
export function serve({ version, shells, offline, files }) {
  const name = PREFIX + version;
  const kept = new Map(files.map((file) => [plain(new URL(file, location.origin).pathname), file]));

  self.addEventListener("install", (event) => {
    event.waitUntil(fill(name, [...Object.values(shells), offline, ...files]));
    self.skipWaiting();
  });
  self.addEventListener("activate", (event) => event.waitUntil(takeOver(name)));
  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (request.method !== "GET" || origin !== location.origin) {
      return;
    }
    if (request.mode === "navigate" && pathname in shells) {
      event.respondWith(pageOrShell(request, name, shells[pathname]));
    } else if (request.mode === "navigate") {
      event.respondWith(pageOrCopy(request, pathname, name, offline));
    } else if (kept.has(plain(pathname))) {
      event.respondWith(fileOrCopy(request, name, kept.get(plain(pathname))));
    }
  });
  self.addEventListener("sync", (event) => {
    if (event.tag === SYNC_TAG) {
      event.waitUntil(sendOrFail());
    }
  });
}

/** The name of a file whatever its content: a copy older than the deployment opens with today's. */
function plain(pathname) {
  return pathname.replace(HASH, "");
}

async function fill(name, addresses) {
  const cache = await caches.open(name);
  // As nobody: a shell must not know who is signed in. Past the HTTP cache: it may be older.
  const asNobody = { credentials: "omit", cache: "reload" };
  await cache.addAll(addresses.map((address) => new Request(address, asNobody)));
}

async function takeOver(name) {
  const names = await caches.keys();
  const old = names.filter((other) => other.startsWith(PREFIX) && other !== name);
  await Promise.all(old.map((other) => caches.delete(other)));
  await self.clients.claim();
}

async function pageOrShell(request, name, shell) {
  try {
    const response = await fetchSoon(request);
    return response.status >= 500 ? await keptFile(name, shell) : response;
  } catch {
    return keptFile(name, shell);
  }
}

async function pageOrCopy(request, pathname, name, offline) {
  const copy = await copyAt(pathname).catch(() => null); // a storage that fails mustn't close the site
  try {
    const response = await (copy ? fetchSoon(request) : fetch(request));
    if (copy && GONE.includes(response.status)) {
      await forgetCopy(pathname);
    }
    return copy && response.status >= 500 ? guarded(copy, name, offline) : response;
  } catch {
    return copy ? guarded(copy, name, offline) : keptFile(name, offline);
  }
}

/** The response, its head at least, before patience is lost. */
async function fetchSoon(request) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    return await fetch(request, { signal: patience.signal });
  } finally {
    clearTimeout(timer);
  }
}

/** The copy under the policy that every page of ours has, which no page can read of itself. Without
    it, no copy. */
async function guarded(copy, name, offline) {
  const page = await keptFile(name, offline);
  const policy = page.headers.get(POLICY);
  if (!policy) {
    return page;
  }
  const headers = new Headers(copy.headers);
  headers.set(POLICY, policy);
  return new Response(copy.body, { headers });
}

/** The network first, which costs nothing for a file that the browser has: its name changes with
    its content. */
async function fileOrCopy(request, name, address) {
  try {
    const response = await fetch(request);
    return response.ok ? response : await keptFile(name, address);
  } catch {
    return keptFile(name, address);
  }
}

/** Of the worker's own version; of another, where that one has taken over in the meantime and thrown
    these files away. */
async function keptFile(name, address) {
  const own = await caches.match(address, { cacheName: name });
  return own ?? (await caches.match(address)) ?? Response.error();
}

/** A failure makes the browser try again later, with the page closed or not. */
async function sendOrFail() {
  const { outcome } = await sendWaiting();
  if (outcome === UNREACHABLE) {
    throw new Error("Le serveur n’a pas répondu.");
  }
}
