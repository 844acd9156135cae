// Forms that don't save by themselves (`data-guard`): leaving the page with something typed in one
// of them asks first.

let isDirty = false;

document.addEventListener("input", (event) => {
  isDirty ||= event.target.closest("[data-guard]") !== null;
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-guard]")) {
    isDirty = false;
  }
});
window.addEventListener("beforeunload", (event) => {
  if (isDirty) {
    event.preventDefault();
  }
});
