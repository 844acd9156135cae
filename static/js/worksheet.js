// Saves a worksheet by itself, question by question, and says truthfully what the server has
// confirmed. Without this module the page's ordinary button saves the whole of it.

import { jsonOf, post } from "./requests.js";
import { wireReminders } from "./worksheet-reminders.js";
import { labelRows, wireRows } from "./worksheet-rows.js";
import { recount } from "./worksheet-counts.js";

const PAUSE = 900; // ms without typing before a save
const RETRY = 5000; // ms before trying again what the network lost

const UNREACHABLE = "La connexion au serveur est coupée. Votre texte est dans la page ; il sera envoyé dès que possible.";
const TROUBLE = "Le serveur n’a pas pu enregistrer. Votre texte est dans la page ; un nouvel essai va suivre.";

const form = document.querySelector("[data-worksheet]");
const status = document.getElementById("save-status");
const questions = new Map();

/** One question of the page: what it holds, and whether the server has it. */
class Question {
  constructor(element) {
    this.element = element;
    this.version = element.querySelector("[data-version]");
    this.isDirty = false; // changed since the last text that was sent
    this.isBlocked = false; // refused: waits for the writer, not for the network
    this.problem = "";
    this.timer = 0;
    this.sending = null;
    this.sent = this.body().toString();
  }

  get isUnsaved() {
    return this.isDirty || this.sending !== null || this.problem !== "";
  }

  body() {
    const body = new URLSearchParams();
    for (const control of this.element.querySelectorAll("input, textarea, select")) {
      const isOff = control.type === "checkbox" && !control.checked;
      if (control.name && control.form === form && !isOff) {
        body.append(control.name, control.value);
      }
    }
    return body;
  }

  changed() {
    this.isDirty = true;
    this.isBlocked = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
    tell();
  }

  /** Sends what the question holds now; one request at a time, the latest text last. */
  async save() {
    clearTimeout(this.timer);
    if (this.sending) {
      await this.sending;
    }
    if (!this.isDirty || this.isBlocked) {
      return;
    }
    const body = this.body();
    if (body.toString() === this.sent && !this.problem) {
      this.isDirty = false;
      tell();
      return;
    }
    this.isDirty = false;
    this.sending = this.send(body);
    tell();
    await this.sending;
    this.sending = null;
    tell();
  }

  async send(body) {
    let response;
    try {
      response = await post(this.element.dataset.saveUrl, body);
    } catch {
      this.again(UNREACHABLE);
      return;
    }
    const answer = await jsonOf(response);
    if (response.ok && answer) {
      this.confirmed(body, answer);
    } else if (response.status >= 500 || !answer) {
      this.again(TROUBLE);
    } else {
      this.refused(answer);
    }
  }

  confirmed(body, answer) {
    this.version.value = answer.version;
    body.set(this.version.name, answer.version);
    this.sent = body.toString();
    this.problem = "";
    this.element.toggleAttribute("data-blank", answer.is_blank);
    this.element.querySelector("[data-trace]").textContent = answer.message;
    this.say(answer.notice);
    this.element.querySelector("[data-standing]").replaceChildren();
    lastConfirmed = answer.message;
    recount(form);
  }

  again(problem) {
    this.isDirty = true;
    this.problem = problem;
    this.timer = setTimeout(() => this.save(), RETRY);
  }

  refused(answer) {
    this.isDirty = true;
    this.isBlocked = true;
    this.problem = answer.message;
    this.say(answer.message, answer.sign_in);
    if (answer.standing) {
      // What the writer keeps now replaces what stands there, knowingly: it becomes the base.
      this.version.value = answer.version;
      this.showStanding(answer.standing);
    }
  }

  say(text = "", signIn = "") {
    const place = this.element.querySelector(".question-refusal");
    place.replaceChildren();
    if (!text) {
      return;
    }
    const line = document.createElement("p");
    line.className = "refusal";
    line.textContent = text;
    if (signIn) {
      const link = document.createElement("a");
      link.href = signIn;
      link.target = "_blank";
      link.textContent = "Se connecter";
      line.append(" ", link);
    }
    place.append(line);
  }

  showStanding(html) {
    const place = this.element.querySelector("[data-standing]");
    place.innerHTML = html; // rendered and escaped by our own server
    const keep = document.createElement("button");
    keep.type = "button";
    keep.className = "btn btn-secondary btn-sm";
    keep.textContent = "Enregistrer mon texte";
    keep.addEventListener("click", () => {
      this.isBlocked = false;
      this.save();
    });
    const leave = document.createElement("a");
    leave.className = "btn btn-link btn-sm";
    leave.href = location.pathname + `#${this.element.id}`;
    leave.textContent = "Garder l’autre réponse";
    leave.addEventListener("click", (event) => {
      event.preventDefault();
      this.isDirty = false;
      this.problem = "";
      location.hash = this.element.id;
      location.reload();
    });
    place.querySelector(".standing").append(keep, " ", leave);
  }
}

let lastConfirmed = "";

/** The line at the top of the page: saved at, saving, or not saved and why. */
function tell() {
  const all = [...questions.values()];
  const problem = all.find((question) => question.problem)?.problem;
  let state = "saved";
  let text = lastConfirmed;
  if (problem) {
    [state, text] = ["unsaved", `Pas encore enregistré. ${problem}`];
  } else if (all.some((question) => question.sending)) {
    [state, text] = ["saving", "Enregistrement…"];
  } else if (all.some((question) => question.isDirty)) {
    [state, text] = ["typing", "Modification en cours…"];
  }
  if (!text) {
    return;
  }
  status.dataset.state = state;
  if (status.textContent !== text) {
    status.textContent = text;
  }
}

function questionOf(target) {
  return questions.get(target.closest("[data-question]"));
}

async function saveAll() {
  for (const question of questions.values()) {
    question.isBlocked &&= question.element.querySelector(".standing") !== null;
  }
  await Promise.all([...questions.values()].map((question) => question.save()));
  return [...questions.values()].every((question) => !question.isUnsaved);
}

function firstProblem() {
  const found = [...questions.values()].find((question) => question.problem);
  found?.element.scrollIntoView({ block: "center" });
}

for (const element of form.querySelectorAll("[data-question]")) {
  questions.set(element, new Question(element));
}
labelRows(form);
wireReminders(form);
recount(form);

form.addEventListener("input", (event) => {
  if (event.target.form === form) {
    questionOf(event.target)?.changed();
    recount(form);
  }
});
form.addEventListener("focusout", (event) => {
  const question = questionOf(event.target);
  if (question && !question.element.contains(event.relatedTarget)) {
    question.save();
  }
});
wireRows(form, (target) => {
  questionOf(target).changed();
  recount(form);
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
    if (![...questions.values()].some((question) => question.isUnsaved)) {
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
// Back from signing in again in another tab: what was refused for that reason goes now.
window.addEventListener("focus", () => {
  if ([...questions.values()].some((question) => question.problem)) {
    saveAll();
  }
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") {
    saveAll();
  }
});
window.addEventListener("beforeunload", (event) => {
  if ([...questions.values()].some((question) => question.isUnsaved)) {
    event.preventDefault();
  }
});
