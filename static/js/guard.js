// Forms that don't save by themselves (`data-guard`): leaving the page with something typed in one
// of them asks first, and what is typed comes back after a reload or a crash of the tab (it is kept
// for this tab alone, until it is sent).

const key = `guard:${location.pathname}`;
const form = document.querySelector("[data-guard]");
let isDirty = false;

function fields() {
  return [...form.elements].filter((field) => field.localName === "textarea");
}

function keep() {
  const typed = fields().filter((field) => field.value !== field.defaultValue);
  isDirty = typed.length > 0;
  const texts = Object.fromEntries(typed.map((field) => [field.name, field.value]));
  sessionStorage.setItem(key, JSON.stringify(texts));
}

function bringBack() {
  const texts = JSON.parse(sessionStorage.getItem(key) ?? "{}");
  for (const field of fields()) {
    if (texts[field.name] && field.value === "") {
      field.value = texts[field.name];
      field.closest("details")?.setAttribute("open", "");
      isDirty = true;
    }
  }
}

bringBack();
form.addEventListener("input", keep);
form.addEventListener("submit", () => {
  isDirty = false;
  sessionStorage.removeItem(key);
});
window.addEventListener("beforeunload", (event) => {
  if (isDirty) {
    event.preventDefault();
  }
});
