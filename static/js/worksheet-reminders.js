// Takes what the team wrote elsewhere up into the answer, as if it were typed: it is saved like the
// rest. Without JavaScript the same texts can be read and copied.

/** Adds the text of `passage` to the box it goes into; returns that box, or null if it is there. */
function takeUp(question, passage) {
  const { into, ticks } = passage.dataset;
  const box = question.querySelector(`textarea[name="${into}"]`);
  const text = passage.textContent;
  if (box.value.includes(text)) {
    return null;
  }
  box.value = box.value.trim() ? `${box.value.trimEnd()}\n${text}` : text;
  if (ticks) {
    question.querySelector(`input[type=checkbox][value="${ticks}"]`).checked = true;
  }
  box.dispatchEvent(new Event("input", { bubbles: true }));
  return box;
}

export function wireReminders(form) {
  for (const reminder of form.querySelectorAll("[data-reminder]")) {
    const button = reminder.querySelector("[data-take-up]");
    const question = reminder.closest("[data-question]");
    button.hidden = false;
    button.addEventListener("click", () => {
      const passages = [...reminder.querySelectorAll("[data-into]")];
      const boxes = passages.map((passage) => takeUp(question, passage)).filter(Boolean);
      reminder.querySelector("[role=status]").textContent = boxes.length
        ? "Repris dans la réponse, à relire et à compléter."
        : "La réponse contient déjà tout cela.";
    });
  }
}
