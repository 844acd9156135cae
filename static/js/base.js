// What every page needs of JavaScript: the CSRF header of htmx requests, a word when one fails,
// menus that close. Everything works without it.

import { forgetCopiesOfOthers } from "./copies.js";
import "./drafts.js";
import { clearNotice, notify } from "./notices.js";
import "./other-tabs.js";
import { csrfToken } from "./requests.js";
import "./shortcuts.js";
import "./sign-in.js";

const LOST = "La connexion au serveur a échoué. Rien n’est perdu sur cette page : réessayez dans un instant.";
const FAILED = "Le serveur n’a pas pu répondre. Rien n’est perdu sur cette page : réessayez, ou rechargez-la.";

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
  delete event.detail.parameters.csrfmiddlewaretoken; // of the page, older maybe: it would count
});

// And in each form, before htmx or the browser reads it: the page may be older than the sign-in.
document.addEventListener(
  "submit",
  (event) => {
    const token = event.target.querySelector("input[name=csrfmiddlewaretoken]");
    if (token && csrfToken()) {
      token.value = csrfToken();
    }
  },
  { capture: true },
);

document.addEventListener("htmx:afterSwap", clearNotice);
document.addEventListener("htmx:sendError", () => notify(LOST));
document.addEventListener("htmx:responseError", ({ detail: { xhr, requestConfig } }) => {
  if (xhr.status === 403 && saysSignedOut(xhr)) {
    unsent.set(requestConfig.elt, requestConfig.triggeringEvent);
    document.dispatchEvent(new CustomEvent("signed-out"));
  } else {
    notify(FAILED);
  }
});

// What htmx asked while nobody was signed in, by the element that asked, with the event that made
// it: asked again once the same account is back.
const unsent = new Map();

function saysSignedOut(xhr) {
  const isJson = xhr.getResponseHeader("Content-Type")?.startsWith("application/json");
  return isJson && "sign_in" in JSON.parse(xhr.responseText);
}

document.addEventListener("signed-in", () => {
  for (const [element, event] of unsent) {
    if (element instanceof HTMLFormElement) {
      element.requestSubmit(event?.submitter ?? null);
    } else {
      window.htmx.trigger(element, event?.type ?? "click");
    }
  }
  unsent.clear();
});

const MENU = "details.menu[open]";

function closeOtherMenus(event) {
  for (const menu of document.querySelectorAll(MENU)) {
    if (!menu.contains(event.target)) {
      menu.open = false;
    }
  }
}

document.addEventListener("click", closeOtherMenus);
document.addEventListener("focusin", closeOtherMenus); // an open menu would cover what has the focus
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") {
    return;
  }
  for (const menu of document.querySelectorAll(MENU)) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Who uses this browser now, for the pages that open without network: after signing out, or in with
// another account, they show nothing of the former.
const { account } = document.body.dataset;

function takeOver() {
  try {
    localStorage.setItem("account", account);
  } catch {
    // Where nothing can be kept, no page opens without network.
  }
  forgetCopiesOfOthers(account).catch(() => {});
}

if (account !== undefined) {
  takeOver();
  document.addEventListener("signed-in", takeOver); // out in another tab meanwhile, maybe
}

// What waits on this device leaves before its author does.
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-sign-out]")) {
    event.preventDefault();
    import("./signing-out.js").then(
      ({ signOut }) => signOut(event.target),
      () => event.target.submit(),
    );
  }
});

// What that account wrote in a worksheet and that couldn't be sent is told wherever it goes.
if (account) {
  import("./worksheet-unsent.js").then(
    ({ lookForUnsent }) => lookForUnsent(account),
    () => {}, // without network the module may not be there: what waits is told later
  );
}
