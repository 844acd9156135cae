// Signing out: what waits on this device is sent first. Where it can't be, the person is told what
// it is, and stays, keeps it here for the next time, or erases it.

import { forgetAll as forgetCaptures, waitingOf as capturesOf } from "./capture-queue.js";
import { sendWaiting as sendCaptures } from "./capture-sending.js";
import { forgetCopiesOfOthers } from "./copies.js";
import { notify } from "./notices.js";
import { jsonOf, post } from "./requests.js";
import { forget as forgetText, waitingOf as textsOf } from "./worksheet-keeping.js";
import { sendWaiting as sendTexts } from "./worksheet-sending.js";

const UNREACHABLE = "Le serveur ne répond pas : vous êtes encore connecté. Réessayez quand le réseau sera revenu.";
const model = document.getElementById("sign-out-waiting");
const { account } = document.body.dataset;

/** Does what the `form` of the page asks, once nothing waits. */
export async function signOut(form) {
  if (await isAnythingLeft()) {
    ask(form);
    return;
  }
  try {
    await leave(form);
  } catch {
    notify(UNREACHABLE);
  }
}

async function isAnythingLeft() {
  if ((await waiting()).length) {
    await Promise.all([sendTexts(account), sendCaptures()]);
  }
  return (await waiting()).length > 0;
}

/** What waits, a sentence each. */
async function waiting() {
  let texts;
  let captures;
  try {
    [texts, captures] = await Promise.all([textsOf(account), capturesOf(account)]);
  } catch {
    return []; // a browser that keeps nothing has nothing to lose
  }
  const titles = Map.groupBy(texts, (text) => text.title);
  const sentences = [...titles].map(([title, each]) => `${title} : ${count(each, "réponse")}`);
  return captures.length ? [...sentences, count(captures, "repérage")] : sentences;
}

function count({ length }, noun) {
  return `${length} ${noun}${length > 1 ? "s" : ""}`;
}

async function ask(form) {
  const dialog = model.content.firstElementChild.cloneNode(true);
  const items = (await waiting()).map((sentence) => {
    const item = document.createElement("li");
    item.textContent = sentence;
    return item;
  });
  dialog.querySelector("[data-waiting]").append(...items);
  dialog.addEventListener("click", ({ target }) => {
    const choice = target.closest("[data-leave]")?.dataset.leave;
    if (choice) {
      leave(form, { isErasing: choice === "erase" }).catch(() => tell(dialog, UNREACHABLE));
    }
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function tell(dialog, problem) {
  const place = dialog.querySelector("[data-problem]");
  place.querySelector("p").textContent = problem;
  place.hidden = false;
}

/** Rejects where the server couldn't be asked, and nothing is erased then. */
async function leave(form, { isErasing = false } = {}) {
  const response = await post(form.action, new URLSearchParams(new FormData(form)));
  const answer = await jsonOf(response);
  if (!response.ok || !answer) {
    throw new Error("still signed in");
  }
  // The page mustn't ask whether to leave it, nor keep again what is erased.
  document.dispatchEvent(new CustomEvent("signing-out"));
  if (isErasing) {
    const texts = await textsOf(account);
    await Promise.all([...texts.map((text) => forgetText(text.key)), forgetCaptures(account)]);
  }
  await forgetCopiesOfOthers("");
  location.assign(answer.location);
}
