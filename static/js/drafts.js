// What is typed in forms that don't save by themselves: comments, a review, an opinion. Kept in this
// browser until it is sent, for its author alone: each draft bears the account that typed it, the
// page and the field.
//
// A draft: { text, key, title, keptAt }. `key` is the one that a comment is sent with, "" for others;
// `title` is the worksheet's.

const LONGEST = 30 * 24 * 3600 * 1000; // ms: as the copies of pages
const PREFIX = "drafts:";
const SENT = "drafts-sent"; // of this tab: whose page's drafts are on their way
const { account, kept } = document.body.dataset;
const here = `${PREFIX}${account}:${location.pathname}#`;

/** The draft of the field named `id` on this page, or null. */
export function draftOf(id) {
  return read(here + id);
}

/** Nothing is kept of an empty `text`. */
export function keepDraft(id, { text, key = "" }) {
  if (!text.trim()) {
    forgetDraft(id);
    return;
  }
  const title = document.querySelector("h1").textContent.trim();
  try {
    localStorage.setItem(here + id, JSON.stringify({ text, key, title, keptAt: Date.now() }));
  } catch {
    // Nothing can be kept: the text is in the page, and leaving it asks first.
  }
}

export function forgetDraft(id) {
  forget([here + id]);
}

/** The drafts of this account, on all pages. */
export function allDrafts() {
  return names().map(read).filter(Boolean);
}

export function forgetAllDrafts() {
  forget(names());
}

// A form that the browser sends takes the page with it: its drafts are forgotten by the next page
// that the server answers, unless it is the form again.

/** The form of this page is on its way. */
export function expectAnswer() {
  mark(here);
}

/** The form is there again: back from an answer that didn't come, or that refused it. */
export function expectNone() {
  mark("");
}

function mark(prefix) {
  try {
    sessionStorage.setItem(SENT, prefix);
  } catch {
    // Nothing is kept then, which could be forgotten.
  }
}

function forgetSent() {
  const prefix = sessionStorage.getItem(SENT);
  if (prefix && prefix !== here) {
    forget(names().filter((name) => name.startsWith(prefix)));
    mark("");
  }
}

function names() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(`${PREFIX}${account}:`));
  } catch {
    return []; // where nothing can be kept
  }
}

function read(name) {
  try {
    const draft = JSON.parse(localStorage.getItem(name));
    return draft && Date.now() - draft.keptAt < LONGEST ? draft : null;
  } catch {
    return null;
  }
}

function forget(old) {
  try {
    old.forEach((name) => localStorage.removeItem(name));
  } catch {
    // Where nothing can be kept, nothing is.
  }
}

if (account && !kept) {
  try {
    forgetSent();
  } catch {
    // Nothing could be kept.
  }
}
