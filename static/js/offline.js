// Without network, in the place of a page of which nothing is kept: the worksheets whose copies are
// on this device, for whoever uses this browser.

import { copiesOf, inWords } from "./copies.js";
import { currentSession } from "./requests.js";

// The network that is back may not lead to the server; and one may have left for a copy, which the
// page must not call one back from.
let isLeaving = false;
window.addEventListener("beforeunload", () => {
  isLeaving = true;
});
window.addEventListener("online", async () => {
  const isThere = await currentSession().then(() => true, () => false);
  if (isThere && !isLeaving) {
    location.reload();
  }
});

const section = document.querySelector("[data-copies]");
const copies = await copiesOf(localStorage.getItem("account") ?? "");

section.hidden = copies.length === 0;
section.querySelector("ul").append(
  ...copies.map(({ path, title, keptAt }) => {
    const link = document.createElement("a");
    link.href = path;
    link.textContent = title.slice(0, title.lastIndexOf(" – ")); // without the name of the site
    const time = document.createElement("span");
    time.className = "meta";
    time.textContent = `copie du ${inWords(keptAt)}`;
    const item = document.createElement("li");
    item.append(link, " ", time);
    return item;
  }),
);
