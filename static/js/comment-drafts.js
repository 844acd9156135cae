// Comments that are typed and not sent yet, each kept with the key of the form that it was typed
// in, so that what the server has got already isn't written twice.

import { draftOf, keepDraft } from "./drafts.js";

export { forgetDraft as forget } from "./drafts.js";

function keyOf(field) {
  return field.closest("[data-thread]").querySelector("input[name=key]");
}

export function keep(field) {
  keepDraft(field.id, { text: field.value, key: keyOf(field).value });
}

/** Puts the drafts back into the empty fields of `root`, and unfolds what they are in. */
export function bringBack(root) {
  for (const field of root.querySelectorAll("[data-comment]")) {
    const draft = draftOf(field.id);
    if (draft && field.value === "") {
      field.value = draft.text;
      keyOf(field).value = draft.key;
      unfold(field);
    }
  }
}

export function unfold(element) {
  for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true;
  }
}

/** Whether something typed in the page isn't sent. */
export function hasUnsent() {
  return [...document.querySelectorAll("[data-comment]")].some((field) => field.value.trim());
}
