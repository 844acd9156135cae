// Keeps a copy of the page of a worksheet, as its reader sees it, to be opened without network; and
// says of such a copy what it is. In the head of the page: it takes the page as the server wrote
// it, before any other module touches it.

import { forgetCopiesOfOthers, inWords, keepCopy } from "./copies.js";
import { snapshotOf } from "./worksheet-widget.js";

const SOON = 2000; // ms: several answers at once make one copy

const { account, kept } = document.body.dataset;
const copy = document.documentElement.cloneNode(true);
let timer = 0;

/** The answer that `row` shows is the server's: the copy takes it. */
function take(row) {
  const place = copy.querySelector(`#${CSS.escape(row.id)}`);
  const widget = row.querySelector("[data-widget]");
  if (!place) {
    return; // of another grid than the page
  }
  place.toggleAttribute("data-blank", row.hasAttribute("data-blank"));
  if (!widget) {
    place.innerHTML = row.innerHTML;
    place.querySelector(".writes-here")?.remove(); // who is there at this moment
    return;
  }
  place.querySelector("[data-widget]").innerHTML = snapshotOf(widget);
  place.querySelector("[data-version]").setAttribute("value", row.querySelector("[data-version]").value);
  place.querySelector("[data-trace]").textContent = row.querySelector("[data-trace]").textContent;
}

async function keep() {
  clearTimeout(timer);
  timer = 0;
  if (accountInUse() !== account) {
    return;
  }
  const keptAt = kept ? new Date(kept) : new Date(); // what a copy has taken doesn't make it fresh
  copy.querySelector("body").dataset.kept = keptAt.toISOString();
  copy.querySelector(".messages")?.remove(); // of an act of that moment
  try {
    await keepCopy(account, {
      path: location.pathname,
      title: document.title,
      html: `<!doctype html>${copy.outerHTML}`,
      keptAt,
    });
    await forgetCopiesOfOthers(accountInUse()); // who signed out meanwhile leaves none
  } catch {
    // A browser that can keep nothing, or is full: the page opens with the network alone.
  }
}

/** The account that uses this browser now, "" for none: another tab may have signed out. */
function accountInUse() {
  try {
    return localStorage.getItem("account") ?? "";
  } catch {
    return "";
  }
}

function keepSoon() {
  timer ||= setTimeout(keep, SOON);
}

/** Says, on a copy, that it is one, and what it can't do. */
function tellCopy() {
  const isWritable = document.querySelector("[data-worksheet]") !== null;
  const band = document.getElementById("copy-band").content.firstElementChild.cloneNode(true);
  band.querySelector("[data-kept-at]").textContent = inWords(new Date(kept));
  band.querySelector("[data-writing]").hidden = !isWritable;
  band.querySelectorAll("a").forEach((link) => {
    link.href = location.pathname;
  });
  document.querySelector(".workspace-document").prepend(band);
  // What it says of the network must not outlive the cut.
  const tellBack = () => {
    band.querySelector("[data-cut]").hidden = true;
    band.querySelector("[data-back]").hidden = false;
  };
  window.addEventListener("online", tellBack, { once: true });
  document.addEventListener("answered", tellBack, { once: true });
}

if (kept) {
  tellCopy();
} else {
  keep();
}
document.addEventListener("settled", ({ target }) => {
  take(target);
  keepSoon();
});
// Signing in, in another tab, has made the copies go.
document.addEventListener("signed-in", keepSoon);
document.addEventListener("visibilitychange", () => {
  if (timer) {
    keep();
  }
});
navigator.serviceWorker?.register("/service-worker.js", { type: "module" }).catch(() => {});
