// Signing in again without leaving the page, once the session has expired: what is written stays
// where it is, and leaves as soon as the same account is signed in again.
//
// Told by the event `signed-out` on the document (requests.js dispatches it at each refusal of that
// kind, base.js for htmx), it dispatches `signed-in` when what waits may be sent.

import { inTurn, show, tellProblem } from "./dialogs.js";
import { clearNotice, notify } from "./notices.js";
import { currentSession, jsonOf } from "./requests.js";

const QUIET = 1000; // ms without typing, or going into a field, before a dialog may take the keyboard
const CALM = 5000; // ms at least between two `signed-in`: a refusal that stays must not turn round
// Who is signed in, as a dialog returns it.
const OURS = "ours";
const OTHER = "other";
const NOBODY = "";
const LATER = "Vous n’êtes plus connecté. Rien n’est perdu sur cette page : ce que vous avez écrit partira quand vous serez reconnecté.";
const UNREACHABLE = "Le serveur ne répond pas. Rien n’est perdu : réessayez dans un instant.";
const REFUSED = "Le serveur n’a pas accepté la connexion. Réessayez, ou connectez-vous dans un nouvel onglet, par le lien ci-dessous, puis revenez ici.";
const ANOTHER_STEP = "La connexion demande une étape de plus. Faites-la dans un nouvel onglet, par le lien ci-dessous, puis revenez ici.";

const model = document.getElementById("sign-in-again");
const account = document.body.dataset.account;
let asking = null;
let told = null; // OTHER or NOBODY, once a notice says so in the place of the dialog
let typedAt = -QUIET;
let signedInAt = -CALM;

/** Asks to sign in again; whoever asks meanwhile waits for the same answer: whether the account of
    this page is signed in. Who has said « Plus tard » is asked again when `isWanted` only. */
export function signInAgain({ isWanted = false } = {}) {
  if (!model || (told !== null && !isWanted)) {
    return Promise.resolve(false);
  }
  asking ??= askUntilAnswered().finally(() => {
    asking = null;
  });
  return asking;
}

async function askUntilAnswered() {
  let outcome;
  try {
    outcome = await whoseNow();
  } catch {
    return false; // what asked will ask again
  }
  if (outcome === NOBODY) {
    await quiet();
    outcome = (await inTurn(askPassword)) || (await whoseNow().catch(() => NOBODY));
  }
  await tell(outcome);
  return outcome === OURS;
}

/** Whose session the browser has now; rejects where the server can't be asked. */
async function whoseNow() {
  const { owner } = await currentSession();
  return owner === account ? OURS : owner ? OTHER : NOBODY;
}

async function tell(outcome) {
  if (outcome === OURS) {
    await announce();
    return;
  }
  told = outcome;
  if (outcome === OTHER) {
    const address = model.content.querySelector("[name=login]").value;
    notify(`Un autre compte est connecté dans ce navigateur. Ce que vous avez écrit ici reste gardé : cela partira quand vous y serez reconnecté avec ${address}.`);
  } else {
    notify(LATER, "Se reconnecter", () => signInAgain({ isWanted: true }));
  }
}

async function announce() {
  await pause(signedInAt + CALM - performance.now());
  signedInAt = performance.now();
  told = null;
  clearNotice();
  document.dispatchEvent(new CustomEvent("signed-in"));
}

/** Resolves, when the dialog closes, to who is signed in then, NOBODY where it isn't known. */
async function askPassword() {
  const look = new AbortController();
  const outcome = await show(model, (dialog) => {
    const form = dialog.querySelector("form");
    dialog.querySelector("[data-later]").addEventListener("click", () => dialog.close(NOBODY));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      signIn(dialog, form);
    });
    // Back from another tab, where one may have signed in.
    const lookAgain = () => closeIfSignedIn(dialog).catch(() => {});
    window.addEventListener("focus", lookAgain, { signal: look.signal });
  });
  look.abort();
  return outcome;
}

async function signIn(dialog, form) {
  if (form.ariaBusy === "true") {
    return;
  }
  form.ariaBusy = "true";
  try {
    tellProblem(dialog, (await closeIfSignedIn(dialog)) ? "" : await trySigningIn(dialog, form));
  } catch {
    tellProblem(dialog, UNREACHABLE);
  }
  form.ariaBusy = "false";
}

/** Why it didn't work; "" when it did, and the dialog is closed. */
async function trySigningIn(dialog, form) {
  const { csrf_token: token } = await currentSession(); // the cookie may be gone with the session
  const headers = { "X-CSRFToken": token, Accept: "application/json" };
  const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers });
  const answer = await jsonOf(response);
  if (response.ok) {
    return (await closeIfSignedIn(dialog)) ? "" : ANOTHER_STEP;
  }
  if (!answer) {
    return UNREACHABLE;
  }
  form.elements.password.focus();
  form.elements.password.select();
  return answer.message || reasonsIn(answer.form ?? {}) || REFUSED;
}

/** What is wrong in a form that allauth describes in JSON; "" in anything else. */
function reasonsIn({ errors = [], fields = {} }) {
  return [...errors, ...Object.values(fields).flatMap((field) => field?.errors ?? [])].join(" ");
}

async function closeIfSignedIn(dialog) {
  const outcome = await whoseNow();
  if (outcome !== NOBODY) {
    dialog.close(outcome);
  }
  return outcome !== NOBODY;
}

/** Once nothing has been typed for a moment: the next letters must not go into the dialog. */
async function quiet() {
  while (performance.now() - typedAt < QUIET) {
    await pause(typedAt + QUIET - performance.now());
  }
}

function pause(duration) {
  return new Promise((resolve) => {
    setTimeout(resolve, duration);
  });
}

function noteTyping({ target }) {
  if (target.matches("input, select, textarea")) {
    typedAt = performance.now();
  }
}

document.addEventListener("input", noteTyping);
document.addEventListener("focusin", noteTyping); // the first letter is about to follow
document.addEventListener("signed-out", () => signInAgain());
// Later, in another tab, somebody signs in or out: the notice says what is so now.
window.addEventListener("focus", async () => {
  if (told === null || asking) {
    return;
  }
  const outcome = await whoseNow().catch(() => told);
  if (outcome !== told && told !== null && !asking) {
    await tell(outcome);
  }
});
