// What every page needs of JavaScript: the CSRF header of htmx requests, a word when one fails,
// menus that close. Everything works without it.

import { csrfToken } from "./requests.js";

const LOST = "La connexion au serveur a échoué. Rien n’est perdu sur cette page : réessayez dans un instant.";
const FAILED = "Le serveur n’a pas pu répondre. Rien n’est perdu sur cette page : réessayez, ou rechargez-la.";
const SIGNED_OUT = "Votre session a expiré. ";

/** Shows one notice at the top of the page, read at once by screen readers. */
function notify(text, link) {
  const notice = document.createElement("div");
  notice.className = "alert alert-danger";
  const sentence = document.createElement("p");
  sentence.textContent = text;
  if (link) {
    sentence.append(link);
  }
  notice.append(sentence);
  document.getElementById("notices").replaceChildren(notice);
}

function signInLink() {
  const link = document.createElement("a");
  link.href = document.body.dataset.signInUrl;
  link.target = "_blank";
  link.textContent = "Connectez-vous dans un nouvel onglet";
  const rest = document.createDocumentFragment();
  rest.append(link, ", puis reprenez ici : rien n’est perdu.");
  return rest;
}

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
});

// And at each ordinary form: the page may be older than the sign-in.
document.addEventListener("submit", (event) => {
  const token = event.target.querySelector("input[name=csrfmiddlewaretoken]");
  if (token && csrfToken()) {
    token.value = csrfToken();
  }
});

// An expired session redirects to the sign-in page: it must not be swapped into a fragment.
document.addEventListener("htmx:beforeSwap", (event) => {
  const answered = new URL(event.detail.xhr.responseURL || location.href);
  if (answered.pathname === document.body.dataset.signInUrl) {
    event.detail.shouldSwap = false;
    notify(SIGNED_OUT, signInLink());
  }
});
document.addEventListener("htmx:afterSwap", () => {
  document.getElementById("notices").replaceChildren();
});
document.addEventListener("htmx:sendError", () => notify(LOST));
document.addEventListener("htmx:responseError", () => notify(FAILED));

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
if ("account" in document.body.dataset) {
  try {
    localStorage.setItem("account", document.body.dataset.account);
  } catch {
    // Where nothing can be kept, no page opens without network.
  }
}
