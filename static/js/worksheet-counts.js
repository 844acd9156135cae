// The figures that follow what is written: the progress in the plan, the totals of the budgets.

const NARROW = "\u202f";
const NO_BREAK = "\u00a0";

function recountSection(section) {
  const counted = [...section.querySelectorAll("[data-counts]")];
  const answered = counted.filter((question) => !question.hasAttribute("data-blank")).length;
  const place = document.querySelector(`[data-outline="${section.dataset.section}"] [data-count]`);
  place.textContent = `${answered}${NO_BREAK}/${NO_BREAK}${counted.length}`;
}

function recountBudget(table, input) {
  const total = [...input].reduce((sum, control) => sum + cents(control.value), 0n);
  table.textContent = euros(total);
  return total;
}

/** Cents of an amount typed in French; 0 while it isn't one: the server says so. */
function cents(text) {
  const digits = text.replace(/[\s\u00a0\u202f€]/g, "").replace(",", ".");
  const found = /^(\d+)(?:\.(\d{0,2}))?$/.exec(digits);
  return found ? BigInt(found[1]) * 100n + BigInt((found[2] ?? "").padEnd(2, "0") || "0") : 0n;
}

function euros(total) {
  const sign = total < 0n ? "−" : "";
  const absolute = total < 0n ? -total : total;
  const whole = (absolute / 100n).toString().replace(/\B(?=(\d{3})+$)/g, NARROW);
  return `${sign}${whole},${(absolute % 100n).toString().padStart(2, "0")}${NO_BREAK}€`;
}

function recountBudgets(form) {
  for (const budget of form.querySelectorAll(".budget-editor")) {
    const sums = {};
    for (const place of budget.querySelectorAll("[data-total]")) {
      const inputs = place.closest("table").querySelectorAll("input[inputmode=decimal]");
      sums[place.dataset.total] = recountBudget(place, inputs);
    }
    budget.querySelector("[data-balance]").textContent = euros(sums.resources - sums.expenses);
  }
}

/** Brings all figures of the page up to date. */
export function recount(form) {
  form.querySelectorAll("[data-section]").forEach(recountSection);
  const counted = form.querySelectorAll("[data-counts]");
  const blank = form.querySelectorAll("[data-counts][data-blank]");
  const total = document.querySelector("[data-progress]");
  const expected = Math.max(counted.length, Number(total.textContent.split(" sur ")[1]));
  total.textContent = `${counted.length - blank.length} sur ${expected}`;
  const left = expected - counted.length + blank.length;
  const missing = document.querySelector("[data-missing]");
  if (missing) {
    missing.textContent = left
      ? `Il manque ${left} réponse${left > 1 ? "s" : ""}.`
      : missing.dataset.complete;
  }
  recountBudgets(form);
}
