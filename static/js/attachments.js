// Attaching files without leaving the page: how far the sending is, files dropped on the form, and
// too much at once said before it is sent. Without this module the form is an ordinary one.

const FORM = ".attach-form";
const MOST_AT_ONCE = 100 * 1024 * 1024; // what the server takes in one request (config/uploads.py)
const TOO_HEAVY = "C’est trop à la fois : 100 Mo au plus. Envoyez ces fichiers en plusieurs fois.";
const MOST_FILES = 20; // opportunities/attachments.py
const TOO_MANY = "C’est trop à la fois : 20 fichiers au plus. Envoyez-les en plusieurs fois.";

function checkLoad(input) {
  const weight = [...input.files].reduce((sum, file) => sum + file.size, 0);
  const tooHeavy = weight > MOST_AT_ONCE * 0.99 ? TOO_HEAVY : "";
  input.setCustomValidity(input.files.length > MOST_FILES ? TOO_MANY : tooHeavy);
}

function formUnder(event) {
  return event.target.closest?.(FORM);
}

document.addEventListener("change", (event) => {
  if (event.target.matches(`${FORM} input[type=file]`)) {
    checkLoad(event.target);
  }
});

document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.target.querySelector?.(".attach-progress");
  if (bar && event.detail.lengthComputable) {
    bar.hidden = false;
    bar.value = event.detail.loaded / event.detail.total;
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  const bar = event.target.querySelector?.(".attach-progress");
  if (bar) {
    bar.hidden = true;
  }
});

// What is refused comes back with the section, which says why: nothing failed.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 400 && event.detail.requestConfig.elt.matches(FORM)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

document.addEventListener("dragover", (event) => {
  const form = formUnder(event);
  if (form && event.dataTransfer.types.includes("Files")) {
    event.preventDefault();
    form.classList.add("is-under-files");
  }
});

document.addEventListener("dragleave", (event) => {
  formUnder(event)?.classList.remove("is-under-files");
});

document.addEventListener("drop", (event) => {
  const form = formUnder(event);
  if (!form || !event.dataTransfer.files.length) {
    return;
  }
  event.preventDefault();
  form.classList.remove("is-under-files");
  const input = form.querySelector("input[type=file]");
  input.files = event.dataTransfer.files;
  checkLoad(input);
  form.querySelector("button").focus();
});
