// Who else has the worksheet open, in its bar and beside the question that each one writes in; and
// where one is oneself, told to the others.

import { csrfToken, post } from "./requests.js";

const MOST = 4; // faces in the bar; the list has everybody
const LONG = 60; // characters of a question's label in the list

const root = document.querySelector("[data-live]");
const menu = root.querySelector("details");
let shown = "[]";
let told = { slot: null, at: 0 };

/** The name of the slot that one writes in; "" for none. */
function place() {
  const isWriting = document.activeElement?.matches("textarea, input, select");
  return (isWriting && document.activeElement.closest(".paper-row[id]")?.id) || "";
}

/** Tells the server where one is, when that has changed or was told a while ago. */
export async function speak() {
  const slot = place();
  const since = performance.now() - told.at;
  if (slot === told.slot && since < Number(root.dataset.speaksEvery) / 2) {
    return;
  }
  told = { slot, at: performance.now() };
  try {
    await post(root.dataset.presence, new URLSearchParams({ slot }));
  } catch {
    // Without network nobody hears it; the next time will do.
  }
}

/** Tells the server that the page closes. */
export function leave() {
  told = { slot: null, at: 0 };
  const body = new URLSearchParams({ gone: "1", csrfmiddlewaretoken: csrfToken() });
  navigator.sendBeacon(root.dataset.presence, body);
}

/** Shows `people`: [{ name, initials, tint, slot }]. */
export function showPeople(people) {
  if (JSON.stringify(people) === shown) {
    return;
  }
  shown = JSON.stringify(people);
  menu.hidden = people.length === 0;
  menu.open &&= people.length > 0;
  menu.querySelector("[data-faces]").replaceChildren(...faces(people));
  menu.querySelector("[data-in-words]").textContent = inWords(people);
  const list = menu.querySelector("[data-people]");
  const focused = document.activeElement?.closest("[data-people] a")?.hash;
  list.replaceChildren(...people.map(entry));
  if (focused) {
    (list.querySelector(`a[href="${CSS.escape(focused)}"]`) ?? menu.firstElementChild).focus();
  }
  showWhere(people);
}

function element(name, className, ...content) {
  const made = document.createElement(name);
  made.className = className;
  made.append(...content);
  return made;
}

function face({ initials, tint }) {
  const made = element("span", `avatar avatar-${tint}`, initials);
  made.setAttribute("aria-hidden", "true");
  return made;
}

function faces(people) {
  const first = people.length > MOST ? people.slice(0, MOST - 1) : people;
  const left = people.length - first.length;
  const more = left ? [element("span", "avatar avatar-more", `+${left}`)] : [];
  return [...first.map(face), ...more].map((each) => element("span", "presence-face", each));
}

function inWords(people) {
  return people.length === 1
    ? `${people[0].name} est aussi sur la fiche`
    : `${people.length} autres personnes sont sur la fiche`;
}

function entry(person) {
  const label = person.slot && labelOf(person.slot);
  const words = element("span", "presence-words", element("strong", "", person.name));
  words.append(element("span", "meta", label ? `écrit dans « ${label} »` : "a la fiche ouverte"));
  const line = element(label ? "a" : "span", "presence-person", face(person), words);
  if (label) {
    line.href = `#${person.slot}`;
  }
  return element("li", "", line);
}

function labelOf(slot) {
  const label = document.getElementById(`${slot}-label`)?.lastChild.textContent.trim() ?? "";
  return label.length > LONG ? `${label.slice(0, LONG).trimEnd()}…` : label;
}

/** Beside each question, who writes in it. */
function showWhere(people) {
  document.querySelectorAll(".writes-here").forEach((badge) => badge.remove());
  const bySlot = new Map();
  for (const { name, slot } of people) {
    if (slot) {
      bySlot.set(slot, [...(bySlot.get(slot) ?? []), name]);
    }
  }
  for (const [slot, names] of bySlot) {
    const row = document.getElementById(slot);
    const verb = names.length > 1 ? "écrivent" : "écrit";
    const badge = element("p", "writes-here", `${listed(names)} ${verb} ici`);
    row?.querySelector(".paper-answer").prepend(badge);
  }
}

/** « Anne Petit, Basile Grand et Chloé Long » */
export function listed(names) {
  return new Intl.ListFormat("fr", { type: "conjunction" }).format(names);
}
