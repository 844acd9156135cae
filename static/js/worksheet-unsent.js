// Texts of worksheets that the server hasn't taken and that no field of the page shows: every page
// tells of them, to open their worksheet, or to read and copy them where it can't be written.

import { forget, leftAmong, waitingOf } from "./worksheet-keeping.js";

const CANT_BE_WRITTEN = "Des textes que vous aviez tapés ici n’ont pas pu être enregistrés : ces questions ne s’écrivent plus, ou pas en ce moment. Les voici, pour que vous puissiez les copier ; ils restent gardés sur cet appareil.";

const list = document.createElement("section");
list.className = "unsent";
list.ariaLabel = "Textes pas encore enregistrés";

/** Tells of what `owner` left in worksheets other than the one that is written on this page. */
export async function lookForUnsent(owner) {
  const written = document.querySelector("form[data-worksheet]") ? location.pathname : "";
  try {
    const texts = (await waitingOf(owner)).filter((text) => text.worksheet !== written);
    tellUnsent(await leftAmong(texts));
  } catch {
    // This browser keeps nothing: nothing waits.
  }
}

/** Adds `texts` (worksheet-keeping.js) to those that the page tells of. */
export function tellUnsent(texts) {
  if (texts.length && !list.isConnected) {
    document.getElementById("notices").after(list);
  }
  for (const [worksheet, its] of Map.groupBy(texts, (text) => text.worksheet)) {
    list.append(noticeOf(worksheet, its));
  }
}

function noticeOf(worksheet, texts) {
  const notice = made("div", "", "alert alert-warning");
  const isHere = location.pathname === worksheet;
  const sentence = made("p", isHere ? CANT_BE_WRITTEN : `Des textes de la fiche ${quoted(texts[0].title)} ne sont pas encore enregistrés. `);
  if (!isHere) {
    const link = made("a", "Ouvrir la fiche");
    link.href = worksheet;
    sentence.append(link);
  }
  const details = made("details");
  details.open = isHere;
  details.append(made("summary", texts.length > 1 ? `Lire ces ${texts.length} textes` : "Lire ce texte"));
  for (const text of texts) {
    const words = wordsIn(text.html).map((passage) => made("p", passage, "as-written"));
    details.append(made("h2", text.label, "unsent-label"), ...words);
  }
  details.append(dropButton(notice, texts));
  notice.append(sentence, details);
  return notice;
}

/** As the filter `quoted` of the server's templates. */
function quoted(title) {
  return `« ${title.replace(/«\s*/g, "“").replace(/\s*»/g, "”")} »`;
}

function made(name, text = "", className = "") {
  const element = document.createElement(name);
  element.textContent = text;
  element.className = className;
  return element;
}

function dropButton(notice, texts) {
  const button = made("button", "Effacer de cet appareil", "btn btn-secondary btn-sm");
  button.type = "button";
  button.addEventListener("click", async () => {
    if (window.confirm("Ces textes ne sont enregistrés nulle part ailleurs. Les effacer de cet appareil ?")) {
      await Promise.all(texts.map((text) => forget(text.key)));
      notice.remove();
    }
  });
  return button;
}

/** What is written in the fields of a snapshot, and the names of what is ticked or chosen. */
function wordsIn(html) {
  const fields = document.createElement("template");
  fields.innerHTML = html;
  const passages = [...fields.content.querySelectorAll("input:not([type=hidden]), textarea, select")].map((control) => {
    if (control.type === "checkbox") {
      return control.checked ? control.nextElementSibling.textContent : "";
    }
    return control.localName === "select" ? control.selectedOptions[0].label : control.value;
  });
  return passages.filter((passage) => passage.trim());
}
