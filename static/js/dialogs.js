// Dialogs that a page opens by itself: one at a time, in the order in which they were wanted.

let last = Promise.resolve();

/** Does `work`, which may show a dialog, once what came before it is done; returns what it
    returns. */
export function inTurn(work) {
  const turn = last.then(work);
  last = turn.catch(() => {}); // whoever wanted it hears of it
  return turn;
}

/** Shows the dialog that the <template> `model` holds, completed by `fill(dialog)`. Resolves to its
    `returnValue` when it is closed, with the focus back where it was. */
export function show(model, fill) {
  const dialog = model.content.firstElementChild.cloneNode(true);
  document.body.append(dialog);
  fill(dialog);
  const putCaretBack = caretKept();
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      putCaretBack();
      resolve(dialog.returnValue);
    });
  });
}

/** Chromium gives the focus back without the caret: what is typed then would go nowhere. Returns
    what puts the caret back where it is now. */
function caretKept() {
  const field = document.activeElement;
  const { selectionStart: start, selectionEnd: end, selectionDirection: direction } = field;
  return () => {
    if (typeof start === "number" && document.activeElement === field) {
      field.setSelectionRange(start, end, direction);
    }
  };
}

/** Says in the open dialog what went wrong; "" takes it back. */
export function tellProblem(dialog, problem) {
  const place = dialog.querySelector("[data-problem]");
  place.querySelector("p").textContent = problem;
  place.hidden = problem === "";
}
