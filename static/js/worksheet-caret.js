// Keeps the cursor where one is writing while the text around it changes.

const CONTEXTS = [64, 32, 16, 8, 4, 2]; // characters on each side that must be the same again

function commonStart(one, other) {
  const limit = Math.min(one.length, other.length);
  let length = 0;
  while (length < limit && one[length] === other[length]) {
    length += 1;
  }
  return length;
}

function commonEnd(one, other) {
  const limit = Math.min(one.length, other.length);
  let length = 0;
  while (length < limit && one.at(-1 - length) === other.at(-1 - length)) {
    length += 1;
  }
  return length;
}

/** The occurrence of `needle` in `text` that is the nearest to `at`; -1 if there is none. */
function nearest(text, needle, at) {
  const [before, after] = [text.lastIndexOf(needle, at), text.indexOf(needle, at)];
  return before < 0 || (after >= 0 && after - at < at - before) ? after : before;
}

/** Where the place `at` of the text `before` has gone in the text `after`: among the same words. */
function placeIn(before, after, at) {
  if (at <= commonStart(before, after)) {
    return at;
  }
  const fromEnd = before.length - at;
  if (fromEnd <= commonEnd(before, after)) {
    return after.length - fromEnd;
  }
  for (const size of CONTEXTS) {
    const left = before.slice(Math.max(0, at - size), at);
    const right = before.slice(at, at + size);
    for (const [needle, offset] of [[left + right, left.length], [left, left.length], [right, 0]]) {
      const found = needle.length < size ? -1 : nearest(after, needle, at - offset);
      if (found >= 0) {
        return found + offset;
      }
    }
  }
  return Math.min(at, after.length);
}

/** Does `change`, which may write in the controls of `root`, move them, or take them away: whoever
    writes in one of them goes on at the same words. */
export function keepCaret(root, change) {
  const control = document.activeElement;
  if (!root.contains(control)) {
    change();
    return;
  }
  const { value, selectionStart, selectionEnd, selectionDirection, scrollTop } = control;
  change();
  if (!control.isConnected) {
    root.querySelector("button[value^='add:']")?.focus({ preventScroll: true });
    return;
  }
  if (document.activeElement !== control) {
    control.focus({ preventScroll: true });
  }
  if (typeof selectionStart === "number" && control.value !== value) {
    const [from, to] = [selectionStart, selectionEnd].map((at) => placeIn(value, control.value, at));
    control.setSelectionRange(from, to, selectionDirection);
    control.scrollTop = scrollTop;
  }
}
