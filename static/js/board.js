// Moving the cards of the board, by drag or with the dialog of each; the server has the last word
// on where a card is. Without this script the same links lead to the form of the opportunity.

import { jsonOf, post } from "./requests.js";

const ABANDONED = "abandoned";
const UNREACHABLE = "La connexion au serveur a échoué : rien n’a changé. Réessayez dans un instant.";
const REFUSED = "Vous ne pouvez plus déplacer cette opportunité. Rechargez la page pour voir où elle en est.";
const TROUBLE = "Le serveur n’a pas pu répondre : rien n’a changé. Réessayez dans un instant.";

let dragged = null;
let chosen = null; // the card that the dialog is about

function column(stage) {
  return document.querySelector(`.board-column[data-stage="${stage}"]`);
}

function tell(words, kind) {
  const alert = document.createElement("div");
  alert.className = `alert alert-${kind}`;
  alert.append(document.createElement("p"));
  alert.firstChild.textContent = words;
  document.getElementById("board-status").replaceChildren(alert);
}

// Where a card is

function count(stage, more) {
  const number = column(stage).querySelector("[data-count]"); // none where it isn't counted to the end
  if (number) {
    number.dataset.count = Number(number.dataset.count) + more;
    number.textContent = Number(number.dataset.count).toLocaleString("fr");
  }
}

/** Puts `card` at the top of the column of `stage`. */
function place(card, stage) {
  if (card.dataset.stage !== stage) {
    count(card.dataset.stage, -1);
    count(stage, 1);
    card.dataset.stage = stage;
    column(stage).querySelector(".board-cards").prepend(card);
  }
}

/** The card as the server draws it, in the column where the server says that it is. */
function redraw(card, { stage, card: markup }) {
  place(card, stage);
  const template = document.createElement("template");
  template.innerHTML = markup.trim();
  const fresh = template.content.firstElementChild;
  card.replaceWith(fresh);
  return fresh;
}

// Moving

/** Asks the server; returns {ok, message} with, where it knows the opportunity, {stage, card}. */
async function send(card, stage, reason) {
  const body = new URLSearchParams({ from_stage: card.dataset.stage, stage, reason });
  let response;
  try {
    response = await post(card.dataset.moveUrl, body);
  } catch {
    return { ok: false, message: UNREACHABLE };
  }
  const answer = await jsonOf(response);
  if (answer) {
    return { ok: response.ok, ...answer };
  }
  return { ok: false, message: response.status < 500 ? REFUSED : TROUBLE };
}

/** Shows the card where it is dropped while the server is asked, then where it really is. */
async function drop(card, stage) {
  const origin = { stage: card.dataset.stage, next: card.nextElementSibling };
  const asked = send(card, stage, "");
  place(card, stage);
  card.setAttribute("aria-busy", "true");
  const answer = await asked;
  card.removeAttribute("aria-busy");
  if (answer.card) {
    redraw(card, answer);
  } else {
    place(card, origin.stage);
    if (origin.next?.isConnected) {
      origin.next.before(card);
    } else {
      column(origin.stage).querySelector(".board-cards").append(card);
    }
  }
  tell(answer.message, answer.ok ? "success" : "danger");
}

// The dialog

function dialog() {
  return document.getElementById("deplacer");
}

function ask(card, stage) {
  chosen = card;
  const form = dialog().querySelector("form");
  form.reset();
  dialog().querySelector("[data-title]").textContent = `«\u00a0${card.dataset.title}\u00a0»`;
  for (const radio of form.elements.stage) {
    radio.disabled = radio.value === card.dataset.stage;
    radio.checked = radio.value === stage;
  }
  showProblem("");
  requireReason();
  dialog().showModal();
  if (stage) {
    form.elements.reason.focus();
  }
}

function showProblem(words) {
  const problem = dialog().querySelector("[data-problem]");
  problem.hidden = !words;
  problem.querySelector("p").textContent = words;
}

function requireReason() {
  const form = dialog().querySelector("form");
  const isNeeded = form.elements.stage.value === ABANDONED;
  form.elements.reason.required = isNeeded;
  form.querySelector("[data-optional]").hidden = isNeeded;
}

async function sendDialog(form) {
  const button = form.querySelector(".btn-primary");
  button.disabled = true;
  const answer = await send(chosen, form.elements.stage.value, form.elements.reason.value);
  button.disabled = false;
  if (!answer.card) {
    showProblem(answer.message); // what was typed is still there
    return;
  }
  dialog().close();
  const card = redraw(chosen, answer);
  (card.querySelector("[data-move]") ?? card.querySelector("a")).focus();
  tell(answer.message, answer.ok ? "success" : "danger");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-move]");
  if (link && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    ask(link.closest(".board-card"), "");
  }
});
document.addEventListener("change", (event) => {
  if (event.target.closest("#deplacer")) {
    requireReason();
  }
});
document.addEventListener("submit", (event) => {
  if (event.target.closest("#deplacer") && event.submitter?.formMethod !== "dialog") {
    event.preventDefault();
    sendDialog(event.target);
  }
});

// The drag

function target(event) {
  const found = event.target.closest?.(".board-column");
  return dragged && found && found.dataset.stage !== dragged.dataset.stage ? found : null;
}

function aim(found) {
  for (const each of document.querySelectorAll(".board-column")) {
    each.classList.toggle("is-target", each === found);
  }
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".board-card[draggable=true]") ?? null;
  if (dragged) {
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.title);
    dragged.classList.add("is-dragged");
  }
});
document.addEventListener("dragover", (event) => {
  const found = target(event);
  if (found) {
    event.preventDefault(); // that is how a page says that one may drop here
  }
  if (dragged) {
    aim(found);
  }
});
document.addEventListener("drop", (event) => {
  const found = target(event);
  if (found) {
    event.preventDefault();
    const { stage } = found.dataset;
    stage === ABANDONED ? ask(dragged, stage) : drop(dragged, stage);
  }
});
document.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  dragged = null;
  aim(null);
});
