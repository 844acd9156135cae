// Texts of worksheets that the server hasn't taken and that no field of this page shows: told on
// every page, to open their worksheet, or to read and copy them where it can't be written any more.

import { forget } from "./worksheet-keeping.js";

const list = document.createElement("section");
list.className = "unsent";
list.setAttribute("aria-label", "Textes pas encore enregistrés");

/** Adds `texts` (worksheet-keeping.js) to those that the page tells of. */
export function tellUnsent(texts) {
  if (!list.isConnected) {
    document.getElementById("notices").after(list);
  }
  const byWorksheet = Map.groupBy(texts, (text) => text.worksheet);
  for (const [worksheet, its] of byWorksheet) {
    list.append(noticeOf(worksheet, its));
  }
}

function element(name, text = "", className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

function noticeOf(worksheet, texts) {
  const notice = element("div", "", "alert alert-warning");
  const isHere = location.pathname === worksheet;
  const sentence = element(
    "p",
    isHere
      ? "Des textes que vous aviez tapés ici ne sont pas enregistrés, et ne peuvent plus l’être. Les voici, pour que vous puissiez les copier. "
      : `Des textes de la fiche « ${texts[0].title} » ne sont pas encore enregistrés. `,
  );
  if (!isHere) {
    const link = element("a", "Ouvrir la fiche");
    link.href = worksheet;
    sentence.append(link);
  }
  const details = element("details");
  details.open = isHere;
  details.append(element("summary", `Lire ces textes (${texts.length})`));
  for (const text of texts) {
    details.append(element("h3", text.label), ...passagesOf(text));
  }
  const drop = element("button", "Ne plus garder ces textes", "btn btn-secondary btn-sm");
  drop.type = "button";
  drop.addEventListener("click", async () => {
    await Promise.all(texts.map((text) => forget(text.key)));
    notice.remove();
  });
  details.append(drop);
  notice.append(sentence, details);
  return notice;
}

function passagesOf({ pairs }) {
  return pairs
    .filter(([name, value]) => value.trim() && !name.endsWith(".id"))
    .map(([, value]) => element("p", value, "as-written"));
}
