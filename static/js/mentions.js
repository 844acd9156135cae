// After an @ in a field with `data-people`: those whom one may mention, in a list below the field.
// Arrows choose, Enter inserts, Escape closes. Without it the name is typed whole.

import { ask } from "./requests.js";

const SHOWN = 8;
const ASKED = /(?:^|[^\p{L}\p{N}_])@([^@\n]{0,60})$/u; // what stands before the caret

const people = new Map(); // of each address, once asked
const list = document.createElement("ul");
list.className = "mention-list";
list.id = "mention-list";
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", "Personnes à mentionner");

let field = null; // the one that the list is open for
let chosen = 0;

function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").replaceAll("’", "'").toLowerCase();
}

function queryOf(target) {
  return ASKED.exec(target.value.slice(0, target.selectionStart))?.[1];
}

async function peopleFor(target) {
  const address = target.dataset.people;
  if (!people.has(address)) {
    const answer = await ask(address, {});
    if (!answer) {
      return []; // asked again at the next letter
    }
    people.set(address, answer.people);
  }
  return people.get(address);
}

function matching(all, query) {
  const start = folded(query);
  const found = all.filter(({ name }) => ` ${folded(name)}`.includes(` ${start}`));
  return found.slice(0, SHOWN);
}

async function update(target) {
  if (queryOf(target) === undefined) {
    close();
    return;
  }
  const all = await peopleFor(target);
  const query = queryOf(target); // one may have typed on
  const found = query === undefined ? [] : matching(all, query);
  if (!found.length || document.activeElement !== target) {
    close();
    return;
  }
  show(target, found);
}

function show(target, found) {
  const wasClosed = field === null;
  field = target;
  list.replaceChildren(...found.map(option));
  target.after(list);
  target.setAttribute("aria-autocomplete", "list");
  target.setAttribute("aria-haspopup", "listbox");
  target.setAttribute("aria-controls", list.id);
  choose(0);
  if (wasClosed) {
    list.scrollIntoView({ block: "nearest" });
    const count = found.length > 1 ? `${found.length} personnes` : "1 personne";
    tell(`${count} à mentionner\u00a0: flèches pour choisir, Entrée pour insérer.`);
  }
}

function option({ name, role }, index) {
  const item = document.createElement("li");
  item.id = `mention-${index}`;
  item.setAttribute("role", "option");
  item.dataset.name = name;
  const words = document.createElement("strong");
  words.textContent = name;
  const hint = document.createElement("span");
  hint.className = "meta";
  hint.textContent = role;
  item.append(words, " ", hint);
  return item;
}

function choose(index) {
  chosen = (index + list.children.length) % list.children.length;
  [...list.children].forEach((item, place) => {
    item.setAttribute("aria-selected", String(place === chosen));
  });
  field.setAttribute("aria-activedescendant", list.children[chosen].id);
  list.children[chosen].scrollIntoView({ block: "nearest" });
}

function insert() {
  const target = field;
  const start = target.selectionStart - queryOf(target).length;
  const name = `${list.children[chosen].dataset.name} `;
  target.setRangeText(name, start, target.selectionStart, "end");
  close();
  target.dispatchEvent(new Event("input", { bubbles: true }));
}

function close() {
  for (const name of ["aria-controls", "aria-activedescendant"]) {
    field?.removeAttribute(name);
  }
  field = null;
  list.remove();
}

function tell(text) {
  document.getElementById("thread-status").textContent = text;
}

const KEYS = {
  ArrowDown: () => choose(chosen + 1),
  ArrowUp: () => choose(chosen - 1),
  Enter: insert,
  Tab: insert,
  Escape: close,
};

document.addEventListener("input", (event) => {
  if ("people" in event.target.dataset) {
    update(event.target);
  }
});
document.addEventListener("keydown", (event) => {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
  if (event.target === field && isPlain && event.key in KEYS) {
    event.preventDefault();
    KEYS[event.key]();
  }
});
document.addEventListener("focusout", (event) => {
  if (event.target === field) {
    close();
  }
});
list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
list.addEventListener("click", (event) => {
  const item = event.target.closest("[role=option]");
  if (item) {
    chosen = [...list.children].indexOf(item);
    insert();
  }
});
