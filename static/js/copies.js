// Copies of the pages of worksheets, to be opened without network. Those of one account at a time:
// another one, or nobody, using this browser makes them go. The pages and the service worker both
// use this module.

const PREFIX = "fiches-";
const MOST = 20; // the worksheets opened last
const LONGEST = 30 * 24 * 3600 * 1000; // ms: as long as a sign-in lasts (SESSION_COOKIE_AGE)
// What is told of a copy without reading it.
const TITLE = "X-Title";
const TIME = "X-Kept-At";

/** Keeps `html` for the address `path`, in the place of what was kept for it; `keptAt`, a Date, is
    the time it tells of. */
export async function keepCopy(account, { path, title, html, keptAt }) {
  const cache = await caches.open(PREFIX + account);
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    [TITLE]: encodeURIComponent(title),
    [TIME]: keptAt.toISOString(),
  };
  await cache.put(path, new Response(html, { headers }));
  const latest = (await copiesOf(account)).slice(0, MOST).map((copy) => copy.path);
  for (const { url } of await cache.keys()) {
    if (!latest.includes(new URL(url).pathname)) {
      await cache.delete(url); // too old, or beyond those
    }
  }
}

/** [{ path, title, keptAt }], the latest first. */
export async function copiesOf(account) {
  const name = PREFIX + account;
  if (!(await caches.has(name))) {
    return [];
  }
  const cache = await caches.open(name);
  const found = await Promise.all(
    (await cache.keys()).map(async ({ url }) => {
      const { headers } = await cache.match(url);
      const keptAt = new Date(headers.get(TIME));
      return { path: new URL(url).pathname, title: decodeURIComponent(headers.get(TITLE)), keptAt };
    }),
  );
  return found.filter(isFresh).toSorted((one, other) => other.keptAt - one.keptAt);
}

function isFresh({ keptAt }) {
  return Date.now() - keptAt < LONGEST;
}

/** The Response kept for `path`, or null. */
export async function copyAt(path) {
  for (const name of await cacheNames()) {
    const copy = await (await caches.open(name)).match(path);
    if (copy && isFresh({ keptAt: new Date(copy.headers.get(TIME)) })) {
      return copy;
    }
  }
  return null;
}

export async function forgetCopy(path) {
  for (const name of await cacheNames()) {
    await (await caches.open(name)).delete(path);
  }
}

/** Deletes the copies of everybody but `account`; of everybody where it is "". */
export async function forgetCopiesOfOthers(account) {
  const others = (await cacheNames()).filter((name) => name !== PREFIX + account);
  await Promise.all(others.map((name) => caches.delete(name)));
}

async function cacheNames() {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX));
}

/** « 23 novembre à 14 h 32 », as the pages write it. */
export function inWords(date) {
  const day = date.toLocaleDateString("fr-FR", { day: "numeric", month: "long" });
  const minutes = String(date.getMinutes()).padStart(2, "0");
  return `${day} à ${date.getHours()} h ${minutes}`.replaceAll(" ", "\u00a0");
}
