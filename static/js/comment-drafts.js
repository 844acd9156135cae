// Comments that are typed and not sent yet: kept for this tab and this account alone, each with the
// key of the form that it was typed in, so that what the server has got already isn't written twice.

const key = `comments:${document.body.dataset.account}:${location.pathname}`;

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? {};
  } catch {
    return {}; // where nothing can be kept
  }
}

function write(drafts) {
  try {
    sessionStorage.setItem(key, JSON.stringify(drafts));
  } catch {
    // The text is in the page, and leaving it asks first.
  }
}

function keyOf(field) {
  return field.closest("[data-thread]").querySelector("input[name=key]");
}

export function keep(field) {
  const drafts = read();
  delete drafts[field.id];
  if (field.value.trim()) {
    drafts[field.id] = { text: field.value, key: keyOf(field).value };
  }
  write(drafts);
}

export function forget(id) {
  const drafts = read();
  delete drafts[id];
  write(drafts);
}

/** Puts the drafts back into the empty fields of `root`, and unfolds what they are in. */
export function bringBack(root) {
  const drafts = read();
  for (const field of root.querySelectorAll("[data-comment]")) {
    const draft = drafts[field.id];
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
