// Keeps an open page of a worksheet up to date: asks again and again what changed, shows it, and
// tells the others where one is. Without it the page is as it was when it was opened, and saves.

import { takeAnswers } from "./worksheet-arrivals.js";
import { leave, showPeople, speak } from "./worksheet-presence.js";
import { jsonOf } from "./requests.js";
import { tellClosed, tellOpportunities, tellState } from "./worksheet-turns.js";

const HIDDEN = 8; // times slower while nobody looks
const LONGEST = 60_000; // ms between two attempts without network

const root = document.querySelector("[data-live]");
// How often in ms, read at each turn.
const pace = root.dataset;
let number = Number(root.dataset.number);
let discussion = "";
let failures = 0;
let isOver = false; // no longer for this person, or of no use before they sign in again
const timers = {};
let asking = null;

const isVisible = () => document.visibilityState === "visible";

async function ask() {
  const query = new URLSearchParams({ depuis: number, echanges: discussion });
  const headers = { Accept: "application/json" };
  const response = await fetch(`${pace.live}?${query}`, { headers, cache: "no-store" });
  const answer = await jsonOf(response);
  if (response.ok && answer) {
    failures = 0;
    document.dispatchEvent(new CustomEvent("answered"));
    show(answer);
  } else if (answer?.sign_in) {
    pause();
    document.dispatchEvent(new CustomEvent("signed-out"));
  } else if (answer && response.status < 500) {
    pause();
    showPeople([]);
    tellClosed(response.status === 404 ? "" : answer.message);
  } else {
    failures += 1;
  }
}

function show(answer) {
  showPeople(answer.people);
  if (answer.state !== root.dataset.state) {
    tellState(answer);
  } else if (answer.opportunities && answer.opportunities.join(" ") !== root.dataset.opportunities) {
    tellOpportunities();
  }
  takeAnswers(answer.answers, { isSamePage: answer.state === root.dataset.state });
  number = answer.number;
  if (answer.comments) {
    discussion = answer.discussion;
    document.dispatchEvent(new CustomEvent("discussion-changed", { detail: answer.comments }));
  }
}

/** What changed, now; the next time is counted from the answer. */
async function look() {
  if (isOver) {
    return;
  }
  clearTimeout(timers.look);
  asking ??= ask()
    .catch(() => {
      failures += 1;
    })
    .finally(() => {
      asking = null;
    });
  await asking;
  if (!isOver) {
    const every = Number(pace.every) * (isVisible() ? 1 : HIDDEN);
    timers.look = setTimeout(look, Math.max(every, Math.min(every * 2 ** failures, LONGEST)));
  }
}

/** Where one is, now and again; a page that nobody looks at says nothing, and is forgotten. */
function tell() {
  clearTimeout(timers.tell);
  if (!isOver && isVisible()) {
    speak();
    timers.tell = setTimeout(tell, Number(pace.speaksEvery));
  }
}

function pause() {
  isOver = true;
  clearTimeout(timers.look);
  clearTimeout(timers.tell);
}

function resume() {
  isOver = false;
  failures = 0;
  look();
  tell();
}

document.addEventListener("signed-out", pause);
document.addEventListener("signed-in", resume);
document.addEventListener("visibilitychange", () => {
  if (isVisible()) {
    look();
    tell();
  }
});
window.addEventListener("online", look);
// Once the focus is where it goes.
document.addEventListener("focusin", () => setTimeout(tell));
document.addEventListener("focusout", () => setTimeout(tell));
window.addEventListener("pagehide", leave);
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    resume();
  }
});
look();
tell();
