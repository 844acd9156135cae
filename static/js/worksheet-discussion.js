// The discussion in the margins of a worksheet: a link opens the thread that it leads to, one goes
// from an open thread to the next, what is typed stays until it is sent, what others write appears.

import { bringBack, forget, hasUnsent, keep, unfold } from "./comment-drafts.js";
import "./mentions.js";
import { ask } from "./requests.js";

const REFUSED = [400, 413]; // the answer is the thread, which says why and holds the text
const NO_BREAK = "\u00a0";

const workspace = document.querySelector(".workspace");
const status = document.getElementById("thread-status");
const waiting = new Map(); // by slot, threads that changed while one writes in them
let readAt = workspace.dataset.readAt;
let here = null; // where one is in the document, for the next thread from there
let address = ""; // of the comment that one was led to
let isLeaving = false;

function threads() {
  return [...document.querySelectorAll("[data-thread]")];
}

// Links to a comment, and from an open thread to the next

/** Says whether there is such a comment. */
function reveal(id) {
  const comment = document.getElementById(id);
  if (!comment?.closest("[data-thread]")) {
    return false;
  }
  unfold(comment);
  document.querySelector(".comment.is-here")?.classList.remove("is-here");
  comment.classList.add("is-here");
  comment.scrollIntoView({ block: "center" });
  comment.focus({ preventScroll: true });
  return true;
}

function revealTarget() {
  return reveal(location.hash.slice(1)); // ours have only letters, digits and dashes
}

/** Gives the page the address of a comment without navigating, which would take the focus there
    once more. The browser does so itself as soon as it has read the whole page, when one may be
    writing elsewhere: until then the address has none. */
function showAddress(hash) {
  address = hash;
  const isRead = document.readyState === "complete";
  history.replaceState(history.state, "", isRead ? hash : location.pathname + location.search);
}

function nextFrom(open, step) {
  const place = here?.isConnected ? here : document.getElementById(here?.id);
  if (!place) {
    const isBelow = (each) => each.closest("[data-thread]").getBoundingClientRect().bottom > 0;
    return open.find(isBelow) ?? open[0];
  }
  const side = step > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
  const isOnThatSide = (each) =>
    place.compareDocumentPosition(each) & side && !each.contains(place);
  return step > 0
    ? (open.find(isOnThatSide) ?? open[0])
    : (open.findLast(isOnThatSide) ?? open.at(-1));
}

function go(step) {
  const open = [...document.querySelectorAll("[data-open-thread]")];
  if (!open.length) {
    status.textContent = "Aucun commentaire à traiter.";
    return;
  }
  const id = `echange-${nextFrom(open, step).dataset.openThread}`;
  showAddress(`#${id}`);
  reveal(id);
}

// Figures

function openIn(root) {
  const counts = [...root.querySelectorAll("[data-thread]")];
  return counts.reduce((sum, thread) => sum + Number(thread.dataset.openThreads), 0);
}

function inWords(count) {
  return `${count} commentaire${count > 1 ? "s" : ""} à traiter`;
}

function recount() {
  for (const link of document.querySelectorAll("[data-outline]")) {
    const section = document.getElementById(link.dataset.outline);
    const place = link.querySelector("[data-open-count]");
    if (section) {
      place.firstElementChild.textContent = openIn(section);
      place.hidden = openIn(section) === 0;
    }
  }
  const total = openIn(document);
  for (const place of document.querySelectorAll("[data-open-comments]")) {
    place.hidden = total === 0;
    place.firstElementChild.textContent = inWords(total);
  }
  for (const button of document.querySelectorAll("a.next-comment")) {
    button.hidden = total === 0;
    button.querySelector("[data-open-total]").textContent = total;
  }
}

// What others write

async function refresh() {
  const isReview = document.querySelector("form.review") !== null;
  const query = { depuis: readAt, ...(isReview && { from: "review" }) };
  const answer = await ask(workspace.dataset.discussion, query);
  if (!answer?.threads) {
    return; // the next change asks again, from the same instant
  }
  readAt = answer.at;
  let isNews = false;
  for (const [slot, html] of Object.entries(answer.threads)) {
    isNews = take(slot, html) || isNews;
  }
  if (isNews) {
    recount();
    status.textContent = `La discussion a changé${NO_BREAK}: ${inWords(openIn(document))}.`;
  }
}

/** Shows the thread as the server had it when asked, unless what is shown is as new (one may have
    sent something since) or one writes in it; says whether it did. */
function take(slot, html) {
  const old = document.getElementById(`thread--${slot}`);
  const template = document.createElement("template");
  template.innerHTML = html; // rendered and escaped by our own server
  const fresh = template.content.querySelector("[data-thread]");
  if (!old || fresh.dataset.discussedAt <= old.dataset.discussedAt) {
    return false;
  }
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  if (focused?.localName === "textarea") {
    waiting.set(slot, html);
    return false;
  }
  const isMore = Number(fresh.dataset.openThreads) > Number(old.dataset.openThreads);
  fresh.open = old.open || isMore;
  carryFolds(old, fresh);
  old.replaceWith(fresh);
  window.htmx.process(fresh);
  bringBack(fresh);
  if (focused?.id) {
    document.getElementById(focused.id)?.focus({ preventScroll: true });
  }
  return true;
}

function carryFolds(old, fresh) {
  for (const fold of old.querySelectorAll("details[id][open]")) {
    fresh.querySelector(`#${CSS.escape(fold.id)}`)?.setAttribute("open", "");
  }
}

document.addEventListener("discussion-changed", refresh);
document.addEventListener("focusout", (event) => {
  const slot = event.target.closest("[data-thread]")?.dataset.thread;
  if (waiting.has(slot)) {
    // Once the focus is where it goes: on the button that sends, the answer will be newer.
    setTimeout(() => {
      const html = waiting.get(slot);
      waiting.delete(slot);
      if (html && take(slot, html)) {
        recount();
      }
    }, 500);
  }
});

// What one sends oneself

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target, requestConfig } = event.detail;
  if (!target.matches("[data-thread]") || !xhr.responseText.includes("data-thread")) {
    return;
  }
  if (REFUSED.includes(xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  } else if (event.detail.shouldSwap) {
    forget(requestConfig.elt.dataset.sends);
    waiting.delete(target.dataset.thread);
  }
});
document.addEventListener("htmx:afterSwap", (event) => {
  const { target, elt, requestConfig } = event.detail;
  const fresh = document.getElementById(target.id) ?? elt;
  if (!fresh.matches("[data-thread]")) {
    return;
  }
  bringBack(fresh);
  recount();
  focusAfter(fresh, requestConfig.elt);
  here = fresh;
});

/** What was written, or where what was dealt with is folded now, if htmx found no place. */
function focusAfter(fresh, sender) {
  const written = document.getElementById(fresh.dataset.written);
  const ref = sender.id.replace("resolve--", "");
  const folded = fresh.querySelector(`#${CSS.escape(`traite-${ref}`)} > summary`);
  const refused = fresh.querySelector(".refusal ~ textarea");
  (written ?? folded ?? refused)?.focus({ preventScroll: true });
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-comment]")) {
    keep(event.target);
  }
});
document.addEventListener("signing-out", () => {
  isLeaving = true;
});
window.addEventListener("beforeunload", (event) => {
  if (hasUnsent() && !isLeaving) {
    event.preventDefault();
  }
});

// The keyboard and the mouse

document.addEventListener("keydown", (event) => {
  const step = { PageDown: 1, PageUp: -1 }[event.key];
  if (step && event.altKey) {
    event.preventDefault();
    go(step);
  }
  const isSending = event.key === "Enter" && (event.ctrlKey || event.metaKey);
  if (isSending && event.target.matches("[data-comment]")) {
    event.preventDefault();
    document.getElementById(event.target.dataset.send).click();
  }
});
document.addEventListener("click", (event) => {
  const { target } = event;
  if (target.closest("[data-next-comment]")) {
    event.preventDefault();
    go(1);
  }
  const link = target.closest(".comment-link");
  if (link && navigator.clipboard) {
    navigator.clipboard.writeText(link.href).then(
      () => (status.textContent = "Lien copié."),
      () => {}, // the address bar has it
    );
  }
  const fold = target.closest(".reply > summary")?.parentElement;
  if (fold && !fold.open) {
    event.preventDefault();
    fold.open = true;
    fold.querySelector("textarea").focus();
  }
});
document.addEventListener("focusin", (event) => {
  if (event.target.closest(".workspace-document")) {
    here = event.target;
  }
});

bringBack(document);
window.addEventListener("hashchange", revealTarget);
if (revealTarget()) {
  showAddress(location.hash);
}
window.addEventListener("load", () => {
  if (address) {
    showAddress(address);
  }
});
