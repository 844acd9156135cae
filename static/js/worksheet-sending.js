// Sends texts to the server, a few at a time: after a long cut, whole worksheets may wait.

import { forgetIfSame, waitingOf } from "./worksheet-keeping.js";
import { jsonOf, post } from "./requests.js";

const AT_ONCE = 3;
const PATIENCE = 30_000; // ms; what is sent again after that changes nothing twice

let underWay = 0;
const queue = [];

/** Does `work` when it is its turn, and returns what it returns. */
export async function inTurn(work) {
  if (underWay >= AT_ONCE) {
    await new Promise((resolve) => {
      queue.push(resolve);
    });
  } else {
    underWay += 1;
  }
  try {
    return await work();
  } finally {
    const next = queue.shift();
    if (next) {
      next();
    } else {
      underWay -= 1;
    }
  }
}

/** { status, answer } of the server to a text (worksheet-keeping.js); rejects without network.
    `answer` is null where it is not ours: the page of an error, of a proxy. */
export async function sendText({ saveUrl, slot, pairs, base, own, owner }) {
  const body = new URLSearchParams(pairs);
  body.append(`${slot}.version`, base);
  if (own) {
    body.append(`${slot}.own`, "1");
  }
  body.append("owner", owner);
  const response = await post(saveUrl, body, AbortSignal.timeout(PATIENCE));
  return { status: response.status, answer: await jsonOf(response) };
}

/** Sends what waits for `owner`, in all worksheets, without their pages. Returns the texts that the
    server hasn't taken, each with its `message` ("" where it couldn't be asked): the pages of their
    worksheets show them and send them again. */
export async function sendWaiting(owner) {
  const texts = await waitingOf(owner);
  const left = await Promise.all(texts.map((text) => inTurn(() => sendLeft(text))));
  return left.filter(Boolean);
}

async function sendLeft(text) {
  try {
    const { status, answer } = await sendText(text);
    if (status === 200 && answer) {
      await forgetIfSame(text);
      return null;
    }
    return { ...text, message: answer?.message ?? "" };
  } catch {
    return { ...text, message: "" };
  }
}
