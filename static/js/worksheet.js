// Saves a worksheet by itself, question by question, keeps in the browser what the server hasn't
// confirmed, and says truthfully which is which. Without this module the page's ordinary button
// saves the whole of it.

import { recount } from "./worksheet-counts.js";
import { inherit } from "./worksheet-keeping.js";
import { Question, questions } from "./worksheet-question.js";
import { wireReminders } from "./worksheet-reminders.js";
import { labelRows, wireRows } from "./worksheet-rows.js";
import { tellUnsent } from "./worksheet-unsent.js";

const form = document.querySelector("[data-worksheet]");
const status = document.getElementById("save-status");
let lastConfirmed = status.textContent.trim();

const page = {
  owner: document.body.dataset.account,
  worksheet: new URL(form.action).pathname,
  title: document.querySelector("h1").textContent.trim(),
  changed: tell,
  confirmed(message) {
    lastConfirmed = message;
  },
};

/** The line at the top of the page: saved at, saving, or not saved and why. */
function tell() {
  const all = [...questions.values()];
  const inTrouble = all.filter((question) => question.saving.problem);
  let state = "saved";
  let text = lastConfirmed;
  if (inTrouble.length) {
    const isKept = inTrouble.every((question) => question.kept.isSafe);
    const where = isKept ? "sur cet appareil" : "dans cette page seulement";
    const why = inTrouble[0].saving.problem;
    [state, text] = ["unsaved", `Pas encore enregistré : ${why} Gardé ${where}.`];
  } else if (all.some((question) => question.saving.sending)) {
    [state, text] = ["saving", "Enregistrement…"];
  } else if (all.some((question) => question.saving.isDirty)) {
    [state, text] = ["typing", "Modification en cours…"];
  }
  status.dataset.state = text ? state : "";
  if (status.textContent !== text) {
    status.textContent = text;
  }
}

function questionAround(target) {
  return questions.get(target.closest("[data-question]")?.id);
}

async function saveAll() {
  for (const question of questions.values()) {
    question.saving.isBlocked &&= question.conflict !== null;
  }
  await Promise.all([...questions.values()].map((question) => question.save()));
  return !someUnsaved();
}

function someUnsaved() {
  return [...questions.values()].some((question) => question.isUnsaved);
}

function firstProblem() {
  const found = [...questions.values()].find((question) => question.saving.problem);
  found?.element.scrollIntoView({ block: "center" });
}

/** What pages that are no more left of this worksheet goes on from here. */
async function takeBack() {
  try {
    await inherit(page.owner, page.worksheet, (texts) => {
      texts.forEach((text) => questions.get(text.slot)?.takeBack(text));
      tellUnsent(texts.filter((text) => !questions.has(text.slot)));
    });
  } catch {
    // This browser keeps nothing: there is nothing to take back.
  }
}

for (const element of form.querySelectorAll("[data-question]")) {
  questions.set(element.id, new Question(element, page));
}
labelRows(form);
wireReminders(form);
recount(form);
tell();
takeBack();

form.addEventListener("input", (event) => {
  if (event.target.form === form) {
    questionAround(event.target)?.changed();
    recount(form);
  }
});
for (const [type, isComposing] of [["compositionstart", true], ["compositionend", false]]) {
  form.addEventListener(type, (event) => {
    questionAround(event.target)?.compose(isComposing);
  });
}
form.addEventListener("focusin", (event) => {
  const question = questionAround(event.target);
  const isComing = question && !question.element.contains(event.relatedTarget);
  if (isComing && !event.target.closest("[data-news]")) { // whose buttons are to be pressed
    question.notes.forgetNews();
  }
});
form.addEventListener("focusout", (event) => {
  const question = questionAround(event.target);
  if (question && !question.element.contains(event.relatedTarget)) {
    question.leave();
  }
});
wireRows(form, (target) => {
  questionAround(target).changed();
  recount(form);
});
form.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-keep]");
  if (button) {
    event.preventDefault();
    questionAround(button).keep(button.dataset.keep);
  }
});

form.addEventListener("submit", async (event) => {
  if (event.submitter?.name === "operate") {
    return; // wireRows has dealt with it
  }
  event.preventDefault();
  if (!(await saveAll())) {
    firstProblem();
  }
});

// Links that need what is typed to be saved first.
for (const link of document.querySelectorAll("[data-after-save]")) {
  link.addEventListener("click", async (event) => {
    if (!someUnsaved()) {
      return;
    }
    event.preventDefault();
    if (await saveAll()) {
      location.assign(link.href);
    } else {
      firstProblem();
    }
  });
}

window.addEventListener("online", saveAll);
document.addEventListener("signed-in", async () => {
  // What was on its way meanwhile may still be refused.
  await Promise.all([...questions.values()].map((question) => question.saving.sending));
  saveAll();
});
window.addEventListener("focus", () => {
  if ([...questions.values()].some((question) => question.saving.problem)) {
    saveAll();
  }
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") {
    keepAll();
    saveAll();
  } else {
    takeBack();
  }
});
window.addEventListener("pagehide", keepAll);
// Who signs out has been asked what to do with what waits.
let isSigningOut = false;
document.addEventListener("signing-out", () => {
  isSigningOut = true;
});
window.addEventListener("beforeunload", (event) => {
  if (someUnsaved() && !isSigningOut) {
    event.preventDefault();
  }
});

function keepAll() {
  for (const question of questions.values()) {
    question.kept.flush();
  }
}
