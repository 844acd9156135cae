// One notice at the top of the page, read at once by screen readers.

/** Shows `text`; with `label`, a button after it, which calls `act`. */
export function notify(text, label = "", act = () => {}) {
  const notice = document.createElement("div");
  notice.className = "alert alert-danger";
  const sentence = document.createElement("p");
  sentence.textContent = text;
  if (label) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-secondary btn-sm";
    button.textContent = label;
    button.addEventListener("click", act);
    sentence.append(" ", button);
  }
  notice.append(sentence);
  replace(notice);
}

export function clearNotice() {
  replace();
}

/** Whoever was on the notice stays where it was. */
function replace(...notices) {
  const place = document.getElementById("notices");
  const hadFocus = place.contains(document.activeElement);
  place.replaceChildren(...notices);
  if (hadFocus) {
    (place.querySelector("button") ?? place.parentElement).focus({ preventScroll: true });
  }
}
