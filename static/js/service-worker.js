// The pages that open without network. Only what no person's name is on is kept: for each such
// page a shell, the same for everybody, which finds what it shows on the device; and the files
// that the shells need. No other page is touched.

import { SYNC_TAG, UNREACHABLE, sendWaiting } from "./capture-sending.js";

const PREFIX = "shells-";
const PATIENCE = 5000; // ms before the shell stands in for a network that doesn't answer

/** `version` changes with the content of any file; `shells` says by path which shell stands in
    for a page; `files` are addresses of static files. */
export function serve({ version, shells, files }) {
  const name = PREFIX + version;
  const paths = new Set(files.map((file) => new URL(file, location.origin).pathname));

  self.addEventListener("install", (event) => {
    event.waitUntil(fill(name, [...Object.values(shells), ...files]));
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
    } else if (paths.has(pathname)) {
      event.respondWith(fileOrCopy(request, name));
    }
  });
  self.addEventListener("sync", (event) => {
    if (event.tag === SYNC_TAG) {
      event.waitUntil(sendOrFail());
    }
  });
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
    const response = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    return response.status >= 500 ? await copyOf(shell, name) : response;
  } catch {
    return copyOf(shell, name);
  }
}

/** The network first, which costs nothing for a file that the browser has: its name changes with
    its content. */
async function fileOrCopy(request, name) {
  try {
    return await fetch(request);
  } catch {
    return copyOf(request, name);
  }
}

async function copyOf(request, name) {
  const cache = await caches.open(name);
  // Style sheets write their fonts' addresses with a query.
  return (await cache.match(request, { ignoreSearch: true })) ?? Response.error();
}

/** A failure makes the browser try again later, with the page closed or not. */
async function sendOrFail() {
  const { outcome } = await sendWaiting();
  if (outcome === UNREACHABLE) {
    throw new Error("Le serveur n’a pas répondu.");
  }
}
