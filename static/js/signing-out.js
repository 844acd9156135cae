// Signing out: what waits on this device is sent first. Where it can't be, the person is told what
// it is, and stays, keeps it here for the next time, or erases it.

import { forgetAll as forgetCaptures, waitingOf as capturesOf } from "./capture-queue.js";
import { sendWaiting as sendCaptures } from "./capture-sending.js";
import { forgetCopiesOfOthers } from "./copies.js";
import { inTurn, show, tellProblem } from "./dialogs.js";
import { allDrafts, forgetAllDrafts } from "./drafts.js";
import { notify } from "./notices.js";
import { tellOtherTabs } from "./other-tabs.js";
import { currentSession, jsonOf, post } from "./requests.js";
import { signInAgain } from "./sign-in.js";
import { forget as forgetText, waitingOf as textsOf } from "./worksheet-keeping.js";
import { sendWaiting as sendTexts } from "./worksheet-sending.js";

const UNREACHABLE = "Le serveur ne répond pas : vous êtes encore connecté. Réessayez quand le réseau sera revenu.";
const NO_BREAK = "\u00a0";
const SIGN_IN = "sign-in"; // what the dialog returns where one wants to
const model = document.getElementById("sign-out-waiting");
const { account } = document.body.dataset;

/** Does what the `form` of the page asks, once nothing waits. */
export async function signOut(form) {
  if (form.ariaBusy === "true") {
    return;
  }
  form.ariaBusy = "true";
  try {
    await sendThenLeave(form);
  } catch {
    closeMenuOf(form); // it would cover the notice
    notify(UNREACHABLE);
  }
  form.ariaBusy = "false";
}

async function sendThenLeave(form) {
  // Of a session that has ended already, nothing can be sent: trying would ask to sign in again
  // somebody who wants to leave.
  const isOurs = (await currentSession()).owner === account;
  if (isOurs && (await waiting()).length) {
    await Promise.all([sendTexts(account), sendCaptures()]);
  }
  const choice = await inTurn(async () => {
    const sentences = await waiting();
    return sentences.length ? ask(form, { sentences, isOurs }) : leave(form);
  });
  if (choice === SIGN_IN) {
    await signInAgain({ isWanted: true });
  }
}

/** What waits, a sentence for each worksheet, and one for the captures. */
async function waiting() {
  // A browser that keeps nothing has nothing to lose.
  const kept = Promise.all([textsOf(account), capturesOf(account)]).catch(() => [[], []]);
  const [texts, captures] = await kept;
  const sentences = [
    ...sentencesOf(texts, "réponse"),
    ...sentencesOf(allDrafts(), "brouillon"),
  ];
  return captures.length ? [...sentences, count(captures, "repérage")] : sentences;
}

function sentencesOf(things, noun) {
  const titles = Map.groupBy(things, ({ title }) => title);
  return [...titles].map(([title, its]) => `${title}${NO_BREAK}: ${count(its, noun)}`);
}

function count({ length }, noun) {
  return `${length}${NO_BREAK}${noun}${length > 1 ? "s" : ""}`;
}

/** With the focus on what opens it, where the dialog gives it back. */
function closeMenuOf(form) {
  const menu = form.closest("details");
  menu?.querySelector("summary").focus();
  menu?.removeAttribute("open");
}

function ask(form, { sentences, isOurs }) {
  closeMenuOf(form);
  return show(model, (dialog) => {
    const items = sentences.map((sentence) => {
      const item = document.createElement("li");
      item.textContent = sentence;
      return item;
    });
    dialog.querySelector("[data-waiting]").append(...items);
    dialog.querySelectorAll("[data-session]").forEach((element) => {
      element.hidden = (element.dataset.session === "ours") !== isOurs;
    });
    dialog.addEventListener("click", ({ target }) => {
      const choice = target.closest("[data-leave]")?.dataset.leave;
      if (choice) {
        leave(form, { isErasing: choice === "erase" }).catch(() => tellProblem(dialog, UNREACHABLE));
      }
    });
  });
}

/** Rejects where the server couldn't be asked, and nothing is erased then. */
async function leave(form, { isErasing = false } = {}) {
  const fields = new URLSearchParams(new FormData(form));
  fields.delete("csrfmiddlewaretoken"); // of the page, older maybe than the cookie: it would count
  const response = await post(form.action, fields);
  const answer = await jsonOf(response);
  if (!response.ok || !answer) {
    throw new Error("still signed in");
  }
  // The page mustn't ask whether to leave it, nor keep again what is erased.
  document.dispatchEvent(new CustomEvent("signing-out"));
  if (isErasing) {
    await erase();
  }
  tellOtherTabs({ isErasing, address: answer.location });
  await forgetCopies();
  location.assign(answer.location);
}

async function erase() {
  forgetAllDrafts();
  try {
    const texts = await textsOf(account);
    await Promise.all([...texts.map((text) => forgetText(text.key)), forgetCaptures(account)]);
  } catch {
    // A browser that keeps nothing has nothing to erase.
  }
}

async function forgetCopies() {
  try {
    localStorage.setItem("account", ""); // another tab makes none any more
    await forgetCopiesOfOthers("");
  } catch {
    // None is made where nothing can be kept.
  }
}
