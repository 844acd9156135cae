// What is typed in worksheets and that the server hasn't confirmed, kept in this browser
// (IndexedDB). Everything belongs to an account (`owner`, the key of
// accounts.models.User.device_key): no account is shown, nor sends, what another one left here.
//
// A text: { key, pen, owner, worksheet, title, slot, label, saveUrl, pairs, base, own, html, typedAt }.
// `worksheet` is the address of its page; `pairs` are the fields as a form sends them, `html` the
// same fields to put back; `base` the version they go on from and `own` as the server takes them.
// `typedAt` is for a sentence alone: the clock of a browser may be wrong.
//
// `pen` names the page where the text was typed. That page holds a lock of this name as long as it
// lives, so another page knows, as soon as it gets that lock, that the text has been left.

import { openDB } from "../npm/idb/index.js";

export const pen = crypto.randomUUID?.() ?? "";
const LOCK = "fiches:";
const awaited = new Set([pen]);
let connection = null;
let held = null;

function base() {
  connection ??= openDB("fiches", 1, {
    upgrade(db) {
      db.createObjectStore("texts", { keyPath: "key" }).createIndex("owner", "owner");
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

/** Does `work(store)` in one transaction; on the disk when this returns. */
async function write(work) {
  const transaction = (await base()).transaction("texts", "readwrite", { durability: "strict" });
  const [result] = await Promise.all([work(transaction.store, transaction), transaction.done]);
  return result;
}

/** Makes this page known to the others. Rejects where nothing can be kept: some private windows,
    a site without HTTPS. */
export async function open() {
  held ??= new Promise((resolve, reject) => {
    const hold = () => {
      resolve();
      return new Promise(() => {}); // until the page is no more
    };
    navigator.locks.request(LOCK + pen, hold).catch(reject);
  });
  await Promise.all([held, base()]);
}

/** Keeps a text of this page, in the place of what was kept under its key. */
export async function keep(text) {
  await open();
  await write((store, transaction) => {
    const put = store.put({ ...text, pen });
    transaction.commit(); // without waiting for an answer: the page may be closing
    return put;
  });
}

export async function forget(key) {
  await open();
  await write((store) => store.delete(key));
}

/** Forgets the text unless more has been typed since `text` was read. */
export async function forgetIfSame(text) {
  await write(async (store) => {
    const now = await store.get(text.key);
    if (now && now.html === text.html && now.base === text.base) {
      await store.delete(text.key);
    }
  });
}

/** What waits for `owner`, the oldest worksheet first. */
export async function waitingOf(owner) {
  const texts = await (await base()).getAllFromIndex("texts", "owner", owner);
  return texts.toSorted((one, other) => one.typedAt - other.typedAt);
}

/** Calls `give(texts)` with the texts that a page that is no more left for that worksheet: now, or
    as soon as the page that still holds them is closed. They are this page's from then on. */
export async function inherit(owner, worksheet, give) {
  await open();
  const texts = (await waitingOf(owner)).filter((text) => text.worksheet === worksheet);
  for (const former of new Set(texts.map((text) => text.pen))) {
    if (!awaited.has(former)) {
      awaited.add(former);
      navigator.locks.request(LOCK + former, async () => {
        awaited.delete(former);
        give(await adopt(owner, worksheet, former));
      });
    }
  }
}

function adopt(owner, worksheet, former) {
  return write(async (store) => {
    const texts = await store.index("owner").getAll(owner);
    const left = texts.filter((text) => text.pen === former && text.worksheet === worksheet);
    await Promise.all(left.map((text) => store.put({ ...text, pen })));
    return left;
  });
}

/** Those of `texts` that no open page is going to send. A page that is closing has `patience` ms. */
export async function leftAmong(texts, patience = 1000) {
  const pens = [...new Set(texts.map((text) => text.pen))];
  const free = await Promise.all(pens.map((each) => isFree(each, patience)));
  return texts.filter((text) => free[pens.indexOf(text.pen)]);
}

async function isFree(name, patience) {
  try {
    const signal = AbortSignal.timeout(patience);
    return await navigator.locks.request(LOCK + name, { signal }, () => true);
  } catch {
    return false;
  }
}
