// « Repérer une opportunité »: what is written is kept on the device first, then sent, with or
// without network. Without this module the form is an ordinary one.

import { Draft } from "./capture-draft.js";
import { canKeep, keep, keepProfile, onChange, profileOf, remove, takeBack, waitingOf } from "./capture-queue.js";
import { SENT, SIGNED_OUT, SYNC_TAG, UNREACHABLE, sendWaiting, unlessSending } from "./capture-sending.js";
import { WaitingList, acknowledge } from "./capture-waiting.js";

const PAUSES = [5, 15, 30, 60, 120, 300]; // seconds between two tries
const FULL = "La mémoire de ce téléphone est pleine : ce repérage n’a pas pu y être conservé. Il est encore dans la page. Libérez de la place, ou retirez une photo, puis enregistrez à nouveau.";
const NOT_KEPT = "Ce navigateur n’a pas pu conserver ce repérage. Il est encore dans la page : recommencez, ou notez-le ailleurs avant de la quitter.";
const BUSY = "L’envoi est en cours : réessayez dans un instant.";
const OTHER_FIRST = "Enregistrez d’abord ce que vous écrivez, puis modifiez celui-ci.";
const NOWHERE = "Vous n’écrivez plus sur aucun territoire. Ce repérage reste conservé ici : faites-vous inviter, puis modifiez-le.";
const ONLINE_ONLY = "Ce navigateur ne peut rien conserver sur l’appareil (navigation privée ?) : avec du réseau l’enregistrement fonctionne, sans réseau non.";

const page = document.querySelector("[data-capture]");
const form = page.querySelector("form");
const band = page.querySelector("[data-band]");
const news = page.querySelector("[data-news]");
const waiting = new WaitingList(page.querySelector("[data-waiting]"), {
  edit,
  drop,
  send,
});
const draft = new Draft(form);
let owner = "";
let captures = [];
let outcome = SENT;
let failures = 0;
let timer = 0;
let isSending = false;
let isAskedAgain = false;

async function start() {
  const told = JSON.parse(document.getElementById("profile")?.textContent ?? "null");
  owner = told?.owner ?? localStorage.getItem("account") ?? "";
  if (!(await canKeep())) {
    tell(ONLINE_ONLY);
    page.querySelector("[data-signed-out]").hidden = told !== null;
    form.hidden = told === null;
    await draft.open({ owner, profile: told ?? { territories: [] }, isKept: false });
    return; // the form is sent as it is
  }
  const known = owner ? await profileOf(owner) : null;
  const profile = told ? { ...told, territory: known?.territory ?? "" } : known;
  if (!profile) {
    page.querySelector("[data-signed-out]").hidden = false;
    form.hidden = true;
    return;
  }
  await keepProfile(profile);
  await draft.open({ owner, profile, isKept: true });
  form.addEventListener("submit", save);
  onChange(hear);
  watchNetwork();
  send();
  await register();
  navigator.storage?.persist?.(); // else the browser may empty it when it lacks room
}

async function save(event) {
  event.preventDefault();
  const capture = draft.finish();
  if (!capture) {
    return;
  }
  const focused = document.activeElement;
  form.inert = true; // what would be typed now would be cleared with what is being kept
  try {
    await keep(capture);
    await keepProfile(draft.profile);
    draft.clear();
  } catch (error) {
    tell(error.name === "QuotaExceededError" ? FULL : NOT_KEPT);
    return;
  } finally {
    form.inert = false;
    focused.focus({ preventScroll: true });
  }
  window.scrollTo({ top: 0 });
  failures = 0;
  send();
}

async function send() {
  clearTimeout(timer);
  await refresh();
  if (isSending) {
    isAskedAgain = true; // what was added meanwhile may have missed this turn
    return;
  }
  if (!isSomethingToSend()) {
    return;
  }
  isSending = true;
  isAskedAgain = false;
  const sending = await sendWaiting();
  isSending = false;
  if (sending.owner && sending.owner !== owner) {
    location.reload(); // somebody else has signed in: this page isn't theirs
    return;
  }
  outcome = sending.outcome;
  await refresh();
  if (isAskedAgain) {
    send();
  } else if (outcome === UNREACHABLE && isSomethingToSend()) {
    await tryLater();
  } else {
    failures = 0;
  }
}

async function tryLater() {
  timer = setTimeout(send, PAUSES[Math.min(failures, PAUSES.length - 1)] * 1000);
  failures += 1;
  const registration = await navigator.serviceWorker?.getRegistration();
  registration?.sync?.register(SYNC_TAG).catch(() => {}); // some browsers ask leave for it
}

async function edit(key) {
  if (form.hidden || !draft.isEmpty) {
    tell(form.hidden ? NOWHERE : OTHER_FIRST);
    return false;
  }
  return orBusy(await unlessSending(async () => draft.resume(await takeBack(key))));
}

async function drop({ key, sentence }) {
  const question = `Supprimer « ${sentence} » et ses photos ? Ce repérage n’a pas encore été envoyé.`;
  return window.confirm(question) && orBusy(await unlessSending(() => remove(key)));
}

function orBusy(isDone) {
  if (!isDone) {
    tell(BUSY);
  }
  return isDone;
}

function isSomethingToSend() {
  return captures.some(({ refusal, ref, photos }) =>
    refusal ? false : !ref || photos.some((photo) => !photo.refusal),
  );
}

async function hear(message) {
  if (message.owner === owner && message.title) {
    acknowledge(news, message);
  }
  await refresh();
}

async function refresh() {
  captures = await waitingOf(owner);
  waiting.show(captures);
  const isRefused = captures.some(({ refusal, photos }) => refusal || photos.some((one) => one.refusal));
  const s = captures.length > 1 ? "s" : "";
  const count = captures.length ? `${captures.length} repérage${s} en attente, conservé${s} ici` : "";
  band.querySelector("[data-sign-in]").hidden = outcome !== SIGNED_OUT;
  if (outcome === SIGNED_OUT) {
    tell(`Votre session a expiré${count && ` · ${count}`}`);
  } else if (!navigator.onLine) {
    tell(`Hors connexion · ${count || "ce que vous repérez est conservé ici"}`);
  } else if (isSending) {
    tell(count && `${count} · envoi en cours`);
  } else if (isRefused) {
    tell(`${count} · à corriger`);
  } else if (outcome === SENT || !count) {
    tell(count);
  } else {
    tell(`${count} · le serveur ne répond pas, un nouvel essai va suivre`);
  }
}

function tell(text) {
  const place = band.querySelector("[data-text]");
  band.hidden = text === "";
  if (place.textContent !== text) {
    place.textContent = text;
  }
}

function watchNetwork() {
  window.addEventListener("online", send);
  window.addEventListener("offline", refresh);
  window.addEventListener("focus", send); // back from signing in, in another tab
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      send();
    }
  });
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key === "account" && newValue && newValue !== owner) {
      location.reload();
    }
  });
}

/** Without it the page still keeps and sends; it only doesn't open without network. */
async function register() {
  try {
    await navigator.serviceWorker.register("/service-worker.js", { type: "module" });
  } catch {
    page.querySelector("[data-no-worker]").hidden = false;
  }
}

start();
