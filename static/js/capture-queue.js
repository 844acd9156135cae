// What waits on this device, in IndexedDB: the captures that the server doesn't have yet, the one
// that is being written, and what the page needs to know of its owner without network. Everything
// belongs to an account (`owner`, the key of accounts.models.User.device_key): no account is shown
// what another one left here. The page and the service worker both use this module.
//
// A capture: { key, owner, territory, kind, sentence, position, photos, savedAt, ref, refusal }.
// `ref` is "" until the server has the opportunity; its photos, { key, name, type, bytes, refusal },
// leave the capture as the server gets them. A refusal is "" or { message, url }.

import { openDB } from "../npm/idb/index.js";

const CHANNEL = "reperages";
const announcements = new BroadcastChannel(CHANNEL);
let connection = null;

function base() {
  connection ??= openDB("reperages", 1, {
    upgrade(db) {
      db.createObjectStore("captures", { keyPath: "key" }).createIndex("owner", "owner");
      db.createObjectStore("drafts", { keyPath: "owner" });
      db.createObjectStore("profiles", { keyPath: "owner" });
    },
    terminated() {
      connection = null;
    },
  });
  connection.catch(() => {
    connection = null;
  });
  return connection;
}

/** Writes in `stores` through `work(transaction)`; kept on the disk when this returns. */
async function write(stores, work) {
  const db = await base();
  const transaction = db.transaction(stores, "readwrite", { durability: "strict" });
  const [result] = await Promise.all([work(transaction), transaction.done]);
  return result;
}

function announce(message) {
  announcements.postMessage(message);
}

/** Calls `listener` when the queue changed, here, in another tab or in the service worker: with
    { owner, title, url } when something reached the server, else with {}. */
export function onChange(listener) {
  new BroadcastChannel(CHANNEL).addEventListener("message", (event) => listener(event.data));
}

/** Whether this browser can keep anything at all (some private windows can't). */
export async function canKeep() {
  try {
    await base();
    return true;
  } catch {
    return false;
  }
}

export async function waitingOf(owner) {
  const captures = await (await base()).getAllFromIndex("captures", "owner", owner);
  return captures.toSorted((one, other) => one.savedAt - other.savedAt);
}

/** The capture waits from now on, and is no longer being written. */
export async function keep(capture) {
  await write(["captures", "drafts"], (transaction) =>
    Promise.all([
      transaction.objectStore("captures").put(capture),
      transaction.objectStore("drafts").delete(capture.owner),
    ]),
  );
  announce({});
}

/** Replaces the capture by `change(capture)`, unless it left the queue meanwhile. */
export async function amend(key, change) {
  await write(["captures"], async (transaction) => {
    const store = transaction.objectStore("captures");
    const capture = await store.get(key);
    if (capture) {
      await store.put(change(capture));
    }
  });
  announce({});
}

/** Takes the capture off the queue; `sent` says, if it reached the server, its title and address. */
export async function remove(key, sent = {}) {
  await write(["captures"], (transaction) => transaction.objectStore("captures").delete(key));
  announce(sent);
}

/** Erases all that waits for `owner`, what is being written and what is known of them. */
export async function forgetAll(owner) {
  await write(["captures", "drafts", "profiles"], async (transaction) => {
    const captures = transaction.objectStore("captures");
    const keys = await captures.index("owner").getAllKeys(owner);
    await Promise.all([
      ...keys.map((key) => captures.delete(key)),
      transaction.objectStore("drafts").delete(owner),
      transaction.objectStore("profiles").delete(owner),
    ]);
  });
  announce({});
}

/** Back from the queue into the form; null when it has left meanwhile. */
export async function takeBack(key) {
  const capture = await write(["captures", "drafts"], async (transaction) => {
    const captures = transaction.objectStore("captures");
    const found = await captures.get(key);
    if (found) {
      await transaction.objectStore("drafts").put({ ...found, refusal: "" });
      await captures.delete(key);
    }
    return found ?? null;
  });
  announce({});
  return capture;
}

export async function draftOf(owner) {
  return (await base()).get("drafts", owner);
}

export async function keepDraft(draft) {
  await write(["drafts"], (transaction) => transaction.objectStore("drafts").put(draft));
}

/** { owner, territories: [{ ref, name, contract }], territory: the last one used }, or undefined. */
export async function profileOf(owner) {
  return (await base()).get("profiles", owner);
}

export async function keepProfile(profile) {
  await write(["profiles"], (transaction) => transaction.objectStore("profiles").put(profile));
}
