// Rows of lists and tables: added, moved and removed in the page, with the buttons that without
// JavaScript do the same on the server. The order of the page is the order that is saved.

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

/** Numbers the rows for those who hear them. */
export function labelRows(form) {
  for (const rows of form.querySelectorAll("[data-rows]")) {
    [...rows.children].forEach((row, index) => {
      row.querySelectorAll("textarea, input:not([type=hidden]), select").forEach((control) => {
        control.dataset.label ??= control.getAttribute("aria-label").replace(/ \d+$/, "");
        control.setAttribute("aria-label", `${control.dataset.label} ${index + 1}`);
      });
    });
  }
}

function emptyRow(rows) {
  const row = rows.querySelector("[data-row]").cloneNode(true);
  const old = row.querySelector("input[type=hidden]").value;
  const id = newId();
  row.removeAttribute("data-signed");
  row.querySelectorAll("p").forEach((note) => note.remove());
  row.querySelectorAll("textarea, input, select").forEach((control) => {
    control.value = control.type === "hidden" ? id : "";
  });
  row.querySelectorAll("button").forEach((button) => {
    button.value = button.value.replace(old, id);
  });
  return row;
}

export function firstControl(row) {
  return row?.querySelector("textarea, input:not([type=hidden]), select");
}

/** Takes a row away; until something else happens there, one click brings it back. */
function remove(rows, row, changed) {
  const next = row.nextElementSibling;
  const cell = row.tagName === "TR" ? document.createElement("tr") : document.createElement("li");
  const line = document.createElement(row.tagName === "TR" ? "td" : "p");
  if (row.tagName === "TR") {
    line.colSpan = row.children.length;
  }
  line.className = "row-removed";
  line.textContent = "Ligne retirée. ";
  const undo = document.createElement("button");
  undo.type = "button";
  undo.className = "btn btn-link btn-sm";
  undo.textContent = "Annuler";
  line.append(undo);
  cell.append(line);
  if (rows.querySelectorAll("[data-row]").length === 1) {
    rows.append(emptyRow(rows));
  }
  row.replaceWith(cell);
  undo.focus();
  undo.addEventListener("click", () => {
    cell.replaceWith(row);
    firstControl(row).focus();
    changed(row);
  });
  changed(next ?? rows);
}

function move(row, verb) {
  const other = verb === "up" ? row.previousElementSibling : row.nextElementSibling;
  if (!other) {
    return false;
  }
  if (verb === "up") {
    other.before(row);
  } else {
    other.after(row);
  }
  return true;
}

function operate(form, button, changed) {
  const [verb, name] = button.value.split(":");
  const rows = form.querySelector(`[data-rows="${name}"]`);
  if (verb === "add") {
    const row = emptyRow(rows);
    rows.append(row);
    firstControl(row).focus();
  } else if (verb === "remove") {
    remove(rows, button.closest("[data-row]"), changed);
  } else if (move(button.closest("[data-row]"), verb)) {
    button.focus();
    changed(rows);
  }
  labelRows(form);
}

/** `changed(element)` is called with an element of the question whose rows changed. */
export function wireRows(form, changed) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=operate]");
    if (button) {
      event.preventDefault();
      operate(form, button, changed);
    }
  });
  // Alt with an arrow moves the row that one is writing in.
  form.addEventListener("keydown", (event) => {
    const row = event.altKey && event.target.closest("[data-row]");
    if (!row || !["ArrowUp", "ArrowDown"].includes(event.key)) {
      return;
    }
    event.preventDefault();
    if (move(row, event.key === "ArrowUp" ? "up" : "down")) {
      event.target.focus();
      labelRows(form);
      changed(row);
    }
  });
}
