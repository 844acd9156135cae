// Sends what waits, each thing once: every request bears a key that the server answers twice with
// what it did the first time, and nothing leaves the queue before that answer. The page and the
// service worker both use this module; a lock keeps two of them from sending at once.

import { amend, remove, waitingOf } from "./capture-queue.js";
import { currentSession, jsonOf } from "./requests.js";

export const SYNC_TAG = "reperages";
export const SENT = "sent"; // nothing is left that could be sent now
export const SIGNED_OUT = "signed out";
export const UNREACHABLE = "unreachable"; // to be tried again

const LOCK = "reperages";
const CAPTURES = "/reperer/envoi/";
const PATIENCE = 120_000; // ms: a photo over a bad network
const TOO_BIG = "Cette photo est trop lourde pour le serveur : retirez-la, ou reprenez-la en plus petit.";

class Unreachable extends Error {}
class SignedOut extends Error {}

/** Sends what waits for whoever is signed in. Returns { outcome, owner }: SENT, SIGNED_OUT or
    UNREACHABLE, and whose queue it was. */
export async function sendWaiting() {
  return navigator.locks.request(LOCK, sendAlone);
}

/** Does `work`, unless something is being sent just now: what is on its way can't be changed.
    Returns whether it was done. */
export async function unlessSending(work) {
  return navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (lock) {
      await work();
    }
    return lock !== null;
  });
}

async function sendAlone() {
  let session = null;
  try {
    session = await sessionNow();
    let isComplete = true;
    for (const capture of await waitingOf(session.owner)) {
      isComplete = (await sendCapture(capture, session)) && isComplete;
    }
    return { outcome: isComplete ? SENT : UNREACHABLE, owner: session.owner };
  } catch (error) {
    if (error instanceof SignedOut) {
      return { outcome: SIGNED_OUT, owner: null };
    }
    if (error instanceof Unreachable) {
      return { outcome: UNREACHABLE, owner: session?.owner ?? null };
    }
    throw error;
  }
}

/** Who is signed in, and a token that the server accepts now. */
async function sessionNow() {
  let session;
  try {
    session = await currentSession({ signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    throw new Unreachable();
  }
  if (!session.owner) {
    throw new SignedOut();
  }
  return session;
}

/** Whether nothing more of this capture can be sent now: the server has it, or refused it. */
async function sendCapture(capture, session) {
  if (!capture.ref && !capture.refusal) {
    const { status, answer } = await post(CAPTURES, fieldsOf(capture), session);
    if (status >= 500) {
      return false; // perhaps this one alone: the others have their turn
    }
    if (status >= 400) {
      const refusal = { message: answer.message, url: answer.url ?? "", ref: answer.ref ?? "" };
      await amend(capture.key, (now) => ({ ...now, refusal }));
      return true;
    }
    capture = { ...capture, ref: answer.ref, url: answer.url };
    await amend(capture.key, (now) => ({ ...now, ref: answer.ref, url: answer.url }));
  }
  return capture.refusal ? true : sendPhotos(capture, session);
}

async function sendPhotos(capture, session) {
  const left = [];
  let isComplete = true;
  for (const photo of capture.photos) {
    if (photo.refusal) {
      left.push(photo);
      continue;
    }
    const file = new File([photo.bytes], photo.name, { type: photo.type });
    const fields = { owner: capture.owner, request_key: photo.key, file };
    const { status, answer } = await post(`${CAPTURES}${capture.ref}/photos/`, fields, session);
    if (status >= 500) {
      isComplete = false;
      left.push(photo);
    } else if (status >= 400) {
      left.push({ ...photo, refusal: answer.message });
    }
    const photos = [...left, ...capture.photos.slice(capture.photos.indexOf(photo) + 1)];
    await amend(capture.key, (now) => ({ ...now, photos }));
  }
  if (!left.length) {
    const { owner, sentence: title, url } = capture;
    await remove(capture.key, { owner, title, url });
  }
  return isComplete;
}

function fieldsOf(capture) {
  const { owner, territory, kind, sentence, key, position } = capture;
  const fields = { owner, territory, kind, sentence, request_key: key };
  return position
    ? { ...fields, longitude: position.longitude, latitude: position.latitude }
    : fields;
}

function post(address, fields, session) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    body.append(name, value);
  }
  return ask(address, { method: "POST", body, headers: { "X-CSRFToken": session.csrf_token } });
}

/** { status, answer }; throws where there is no network, or nobody signed in. */
async function ask(address, options) {
  let response;
  let answer = null;
  try {
    response = await fetch(address, {
      ...options,
      headers: { Accept: "application/json", ...options.headers },
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
    answer = await jsonOf(response);
  } catch {
    throw new Unreachable();
  }
  if (answer?.sign_in) {
    throw new SignedOut();
  }
  if (answer === null) {
    if (response.status === 413) {
      return { status: 413, answer: { message: TOO_BIG } }; // a proxy's own refusal
    }
    if (response.status < 500) {
      throw new Unreachable(); // the page of a hotel's network, in the place of ours
    }
  }
  return { status: response.status, answer };
}
