// Looking for an address: what is found is a list of buttons, one of which is chosen.

import { ask } from "./requests.js";

const NO_ANSWER = "La recherche d’adresses ne répond pas : cherchez sur la carte.";
const NOT_FOUND = "Aucune adresse trouvée. Essayez sans le numéro, ou cherchez sur la carte.";

/** Lists in `list` the addresses that `url` finds for `words`; the one that is taken,
    { label, longitude, latitude }, is told to `choose`. Resolves to what went wrong, in words: "" where
    something was found. */
export async function listAddresses(url, words, list, choose) {
  list.replaceChildren();
  const answer = await ask(url, { q: words });
  const found = answer?.addresses ?? [];
  list.replaceChildren(...found.map((address) => itemOf(address, list, choose)));
  return answer ? answer.message || (found.length ? "" : NOT_FOUND) : NO_ANSWER;
}

function itemOf(address, list, choose) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-link";
  button.textContent = address.label;
  button.addEventListener("click", () => {
    list.replaceChildren();
    choose(address);
  });
  const item = document.createElement("li");
  item.append(button);
  return item;
}
