// A page that shows what is new says that it was seen: a page that is only fetched, ahead or by a
// mail scanner, is no visit. Without network, or signed in no more, it will be new again.

import { csrfToken } from "./requests.js";

for (const place of document.querySelectorAll("[data-visit]")) {
  const headers = { "X-CSRFToken": csrfToken() };
  fetch(place.dataset.visit, { method: "POST", headers, keepalive: true }).catch(() => {});
}
