// Forms that don't save by themselves (`data-guard`): leaving the page with something typed in one
// of them asks first, and what is typed comes back until the server has it (drafts.js).

import { draftOf, expectAnswer, expectNone, keepDraft } from "./drafts.js";

const form = document.querySelector("[data-guard]");
let isDirty = false;

function fields() {
  return [...form.elements].filter((field) => field.localName === "textarea");
}

function isTyped(field) {
  return field.value !== field.defaultValue;
}

function bringBack() {
  for (const field of fields()) {
    const draft = draftOf(field.name);
    if (draft && field.value === "") {
      field.value = draft.text;
      field.closest("details")?.setAttribute("open", "");
      isDirty = true;
    }
  }
}

expectNone();
bringBack();
form.addEventListener("input", ({ target }) => {
  if (fields().includes(target)) {
    keepDraft(target.name, { text: isTyped(target) ? target.value : "" });
  }
  isDirty = fields().some(isTyped);
});
form.addEventListener("submit", () => {
  isDirty = false;
  expectAnswer();
});
// Who signs out has been asked what to do with what waits.
document.addEventListener("signing-out", () => {
  isDirty = false;
});
window.addEventListener("beforeunload", (event) => {
  if (isDirty) {
    event.preventDefault();
  }
});
