// The fields of a question: what they hold, a copy of them that can be put back, and putting other
// fields in their place without disturbing who writes in them.

import { Idiomorph } from "../npm/idiomorph/idiomorph.esm.js";
import { keepCaret } from "./worksheet-caret.js";

const CONTROLS = "input, textarea, select";

/** [[name, value], …] as a form sends them. */
export function pairsOf(widget) {
  return [...widget.querySelectorAll(CONTROLS)]
    .filter((control) => control.name && (control.type !== "checkbox" || control.checked))
    .map((control) => [control.name, control.value]);
}

/** One text for all that the fields hold, to compare. */
export function contentOf(pairs) {
  return JSON.stringify(pairs);
}

/** The same for what has been written in them: without empty fields, nor the names of rows. */
export function wordsOf(pairs) {
  return contentOf(pairs.filter(([name, value]) => value.trim() && !name.endsWith(".id")));
}

/** The HTML of the fields with what is typed in them, which is not in their HTML by itself. */
export function snapshotOf(widget) {
  const copy = widget.cloneNode(true);
  const originals = widget.querySelectorAll(CONTROLS);
  copy.querySelectorAll(CONTROLS).forEach((control, index) => reflect(originals[index], control));
  copy.querySelectorAll(".row-removed").forEach((line) => line.closest("li, tr").remove());
  return copy.innerHTML;
}

function reflect(original, copy) {
  if (original.localName === "textarea") {
    copy.textContent = `\n${original.value}`; // a parser eats the first line end
  } else if (original.localName === "select") {
    [...copy.options].forEach((option, index) => {
      option.toggleAttribute("selected", original.options[index].selected);
    });
  } else if (original.type === "checkbox") {
    copy.toggleAttribute("checked", original.checked);
  } else {
    copy.setAttribute("value", original.value);
  }
}

/** Makes the fields those of `html`, of a snapshot or of the server: what is the same stays, with
    the cursor in it, and a row stays itself wherever it moves. */
export function replaceFields(widget, html) {
  const next = widget.cloneNode(false);
  next.innerHTML = html; // rendered and escaped by our own server
  keepEmptyRows(widget, next);
  nameRows(widget);
  nameRows(next);
  keepCaret(widget, () => Idiomorph.morph(widget, next, { restoreFocus: false }));
  widget.querySelectorAll("[data-row]").forEach((row) => row.removeAttribute("id"));
}

function idOf(row) {
  return row.querySelector("input[type=hidden]");
}

/** For the morph, which tells what is the same by its `id`. */
function nameRows(root) {
  for (const row of root.querySelectorAll("[data-row]")) {
    row.id = `row-${idOf(row).value}`;
  }
}

function isEmpty(row) {
  return [...row.querySelectorAll(CONTROLS)].every(
    (control) => control.type === "hidden" || control.value === "",
  );
}

/** The rows offered to be filled have new names at each rendering: those of the page, where the
    cursor may be, pass theirs on. */
function keepEmptyRows(widget, next) {
  for (const rows of next.querySelectorAll("[data-rows]")) {
    const old = widget.querySelector(`[data-rows="${CSS.escape(rows.dataset.rows)}"]`);
    const names = new Set([...rows.querySelectorAll("[data-row]")].map((row) => idOf(row).value));
    const free = [...old.querySelectorAll("[data-row]")].filter(
      (row) => isEmpty(row) && !names.has(idOf(row).value),
    );
    for (const row of rows.querySelectorAll("[data-row]")) {
      if (isEmpty(row) && free.length) {
        rename(row, idOf(free.shift()).value);
      }
    }
  }
}

function rename(row, name) {
  for (const button of row.querySelectorAll("button")) {
    button.value = button.value.replace(idOf(row).value, name);
  }
  idOf(row).setAttribute("value", name);
}
