// What is said beside a question: what the server refused, what was merged or brought back, and the
// text of somebody else that stands in the way.

import { firstControl } from "./worksheet-rows.js";

export class Notes {
  constructor(element) {
    this.element = element;
    this.refusal = element.querySelector(".question-refusal");
    this.standing = element.querySelector("[data-standing]");
    this.news = element.querySelector("[data-news]");
    this.trace = element.querySelector("[data-trace]");
  }

  get refused() {
    return this.refusal.textContent.trim();
  }

  get isStanding() {
    return this.standing.querySelector(".standing") !== null;
  }

  refuse(text = "") {
    this.refusal.replaceChildren();
    if (text) {
      const line = document.createElement("p");
      line.className = "refusal";
      line.textContent = text;
      this.refusal.append(line);
    }
  }

  /** One line of each `kind`, with a button if `label` says what it does; an empty text takes the
      line away. */
  tell(kind, text = "", label = "", act = () => {}) {
    this.news.querySelector(`[data-kind="${kind}"]`)?.remove();
    if (!text) {
      return;
    }
    const line = document.createElement("p");
    line.dataset.kind = kind;
    line.textContent = text;
    if (label) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-link btn-sm";
      button.textContent = label;
      button.addEventListener("click", () => {
        line.remove();
        act();
      });
      line.append(" ", button);
    }
    this.news.append(line);
  }

  forgetNews() {
    this.news.replaceChildren();
  }

  /** Both texts, and the ways out, as the server rendered them; none without `html`. Whoever was at
      one of them stays there or, where it has gone, comes back to what they write. */
  stand(html = "") {
    const held = this.standing.contains(document.activeElement) ? document.activeElement : null;
    this.standing.innerHTML = html; // rendered and escaped by our own server
    if (held) {
      const same = this.standing.querySelector(`[data-keep="${held.dataset.keep}"]`);
      const next = same ?? firstControl(this.element.querySelector("[data-widget]"));
      next.focus({ preventScroll: true });
    }
  }

  /** The fields that a way out of the conflict puts in the place of mine; "" for my own. */
  fieldsOf(choice) {
    return this.standing.querySelector(`template[data-${choice}]`)?.innerHTML ?? "";
  }
}
