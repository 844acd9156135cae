// Answers that others saved, coming into an open page: shown, marked for a minute with who and when,
// and read aloud, once, by screen readers.

import { recount } from "./worksheet-counts.js";
import { listed } from "./worksheet-presence.js";
import { questionOf } from "./worksheet-question.js";

const RECENT = 60_000; // ms, as in worksheets/live.py
const QUIET = 120_000; // ms before the same person's writing in the same place is read aloud again
const TOGETHER = 3000; // ms in which what comes in is told in one sentence

const status = document.querySelector("[data-live-status]");
const told = new Map(); // when each place was last read aloud
let waiting = [];
let timer = 0;

/** `answers` as the server lists them. To a page that shows the worksheet in another state than it
    is in now, they are not made to measure: it has to be loaded again. */
export function takeAnswers(answers, { isSamePage }) {
  if (!isSamePage) {
    return;
  }
  for (const answer of answers) {
    const row = document.getElementById(answer.slot);
    const question = questionOf(answer.slot);
    if (question) {
      offer(question, answer);
    } else if (row) {
      replace(row, answer);
      mark(row, answer);
    }
  }
}

function offer(question, answer) {
  const { version, html, trace, is_blank: isBlank, is_mine: isMine } = answer;
  // Of one's own save, the answer that is on its way says all.
  if ((isMine && question.saving.sending) || version <= question.version) {
    return;
  }
  question.take({ version, html, trace, isBlank });
  if (question.version === version) {
    mark(question.element, answer);
  }
}

/** The answer of a row that one reads: all that stands before the foot of the row. */
function replace(row, { html, is_blank: isBlank }) {
  const foot = row.querySelector(".paper-foot");
  while (foot.previousElementSibling && !foot.previousElementSibling.matches(".writes-here")) {
    foot.previousElementSibling.remove();
  }
  foot.insertAdjacentHTML("beforebegin", html); // rendered and escaped by our own server
  row.toggleAttribute("data-blank", isBlank);
  row.dispatchEvent(new CustomEvent("settled", { bubbles: true }));
  recount(document.querySelector("[data-worksheet]") ?? document.querySelector(".workspace-document"));
}

function mark(row, { slot, trace, settled_trace: settled, is_mine: isMine, author }) {
  const place = row.querySelector("[data-trace]");
  place.textContent = trace;
  row.classList.toggle("is-fresh", !isMine);
  setTimeout(() => {
    if (place.textContent === trace) {
      place.textContent = settled;
      row.classList.remove("is-fresh");
    }
  }, RECENT);
  if (!isMine) {
    announce(slot, author);
  }
}

/** Says who wrote, where there are several at once in how many answers; not each letter of it. */
function announce(slot, author) {
  const key = `${slot} ${author}`;
  if (performance.now() - (told.get(key) ?? -QUIET) < QUIET) {
    return;
  }
  told.set(key, performance.now());
  waiting.push({ slot, author });
  clearTimeout(timer);
  timer = setTimeout(() => {
    const authors = [...new Set(waiting.map((each) => each.author))];
    const verb = authors.length > 1 ? "viennent" : "vient";
    const slots = [...new Set(waiting.map((each) => each.slot))];
    const label = document.getElementById(`${slots[0]}-label`)?.lastChild.textContent.trim();
    const where = slots.length > 1 ? `dans ${slots.length} réponses` : `dans « ${label} »`;
    status.textContent = `${listed(authors)} ${verb} d’écrire ${where}.`;
    waiting = [];
  }, TOGETHER);
}
