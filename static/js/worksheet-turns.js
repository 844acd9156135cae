// What became of the worksheet while its page was open: no longer with the team, or with it again;
// about other opportunities; not for this person any more. The page says so, and takes nothing away.

import { questions } from "./worksheet-question.js";

const RELOAD = "Recharger la page";

const status = document.querySelector("[data-live-status]");
const notice = document.createElement("div");
notice.className = "alert alert-warning live-notice";
let said = "";

function tell(text, label = RELOAD) {
  if (text === said) {
    return;
  }
  said = text;
  const sentence = document.createElement("p");
  sentence.textContent = text;
  status.textContent = text;
  notice.replaceChildren(sentence);
  if (label) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-secondary btn-sm";
    button.textContent = label;
    button.addEventListener("click", () => location.reload());
    notice.append(button);
  }
  document.querySelector(".workspace-document").prepend(notice);
}

function hasUnsaved() {
  return [...questions.values()].some((question) => question.isUnsaved);
}

/** What is written stays, to be read and copied; it can't be gone on with. */
function stopWriting() {
  for (const question of questions.values()) {
    for (const control of question.widget.querySelectorAll("input, select, textarea, button")) {
      if (control.matches("textarea")) {
        control.readOnly = true;
      } else {
        control.disabled = true;
      }
    }
  }
}

export function tellState({ state_in_words: state, is_with_team: isWithTeam }) {
  const isWriting = questions.size > 0;
  const unsaved = hasUnsaved() ? " Ce qui n’est pas enregistré reste dans cette page : copiez-le avant de la recharger." : "";
  if (isWriting && !isWithTeam) {
    stopWriting();
    tell(`La fiche est maintenant « ${state} » : elle ne s’écrit plus.${unsaved}`);
  } else {
    tell(`La fiche est maintenant « ${state} ». Cette page la montre comme elle était avant.${unsaved}`);
  }
}

export function tellOpportunities() {
  tell("Les opportunités de la fiche ont changé : les questions de chacune paraîtront dans la page rechargée.");
}

/** `message` is the server's, or empty where the worksheet is no longer for this person. */
export function tellClosed(message) {
  if (!message) {
    stopWriting();
  }
  tell(message || "Cette fiche ne vous est plus ouverte. Copiez ce que vous voulez garder de cette page.", message ? RELOAD : "");
}
