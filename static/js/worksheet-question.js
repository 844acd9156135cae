// One question of a worksheet: what its fields hold, what the server has of it, and what is still
// between the two. `worksheet.js` makes the questions of the page; whoever hears of an answer saved
// elsewhere gives it to `questionOf(slot)?.take(...)`.

import { recount } from "./worksheet-counts.js";
import { Kept } from "./worksheet-kept.js";
import { Notes } from "./worksheet-notes.js";
import { labelRows } from "./worksheet-rows.js";
import { inTurn, sendText } from "./worksheet-sending.js";
import { contentOf, pairsOf, replaceFields, snapshotOf, wordsOf } from "./worksheet-widget.js";

const PAUSE = 900; // ms without typing before a save
const RETRY = 5000; // ms before trying again what the network lost

const UNREACHABLE = "La connexion au serveur est coupée.";
const TROUBLE = "Le serveur n’a pas pu enregistrer ; un nouvel essai va suivre.";

/** The questions that one writes on this page, by the name of their slot. */
export const questions = new Map();

export function questionOf(slot) {
  return questions.get(slot);
}

export class Question {
  /** `page`: { owner, worksheet, title, changed() }, the last called when what is to be said of
      the saving has changed. */
  constructor(element, page) {
    this.element = element;
    this.page = page;
    this.slot = element.id;
    this.form = element.closest("form");
    this.widget = element.querySelector("[data-widget]");
    this.versionField = element.querySelector("[data-version]");
    this.notes = new Notes(element);
    this.kept = new Kept(() => this.text(), page.changed);
    this.confirmed = this.content(); // what the fields held when they and the server agreed
    this.own = false; // the fields go on from what was sent, not from the merge that came of it
    this.waiting = null; // what the server has, newer than the fields, until they may take it
    this.left = []; // texts of closed pages, until they may be put back
    this.isDirty = false; // changed since the last text that was sent
    this.isComposing = false; // in the middle of a letter: é from ´ and e, a word of a phone
    this.isBlocked = false; // refused: waits for the writer, not for the network
    this.conflict = null; // the refusal that shows somebody else's text beside
    this.problem = "";
    this.timer = 0;
    this.sending = null;
  }

  get version() {
    return Number(this.versionField.value);
  }

  set version(version) {
    this.versionField.value = version;
  }

  get isUnsaved() {
    return this.isDirty || this.sending !== null || this.problem !== "";
  }

  get isInUse() {
    return this.widget.contains(document.activeElement);
  }

  content() {
    return contentOf(pairsOf(this.widget));
  }

  /** What the browser keeps of it. */
  text() {
    const { owner, worksheet, title } = this.page;
    return {
      owner,
      worksheet,
      title,
      slot: this.slot,
      label: this.element.dataset.label,
      saveUrl: this.element.dataset.saveUrl,
      pairs: pairsOf(this.widget),
      base: this.version,
      own: this.own,
      html: snapshotOf(this.widget),
    };
  }

  /** Its writer changed something. */
  changed() {
    this.isDirty = true;
    this.kept.soon();
    clearTimeout(this.timer);
    if (!this.conflict) {
      this.isBlocked = false;
      this.timer = setTimeout(() => this.save(), PAUSE);
    }
    this.page.changed();
  }

  /** Its writer goes elsewhere. */
  leave() {
    this.save();
    this.settle();
  }

  compose(isComposing) {
    this.isComposing = isComposing;
    this.settle();
  }

  /** Sends what the question holds now; one request at a time, the latest text last. */
  async save() {
    clearTimeout(this.timer);
    while (this.sending) {
      await this.sending;
    }
    if (!this.isDirty || this.isBlocked) {
      return;
    }
    if (this.content() === this.confirmed && !this.problem) {
      this.isDirty = false;
      this.kept.forget();
      this.settle();
      this.page.changed();
      return;
    }
    this.sending = inTurn(() => this.send());
    this.page.changed();
    await this.sending;
    this.sending = null;
    this.settle();
    this.page.changed();
  }

  async send() {
    const text = this.text();
    const content = contentOf(text.pairs);
    this.isDirty = false;
    this.kept.flush();
    let status;
    let answer;
    try {
      ({ status, answer } = await sendText(text));
    } catch {
      this.again(UNREACHABLE);
      return;
    }
    if (status === 200 && answer) {
      this.accepted(content, answer);
    } else if (status >= 500 || !answer) {
      this.again(TROUBLE);
    } else {
      this.refused(answer);
    }
  }

  accepted(content, answer) {
    this.version = answer.version;
    this.confirmed = content;
    this.own = Boolean(answer.html);
    this.problem = "";
    this.isBlocked = false;
    this.conflict = null;
    this.element.toggleAttribute("data-blank", answer.is_blank);
    this.notes.trace.textContent = answer.message;
    this.notes.refuse(answer.notice);
    this.notes.stand();
    if (answer.merged_with) {
      this.notes.tell("merged", answer.merged_with);
    }
    if (answer.html) {
      const { version, html, message, is_blank: isBlank } = answer;
      this.waiting = { version, html, trace: message, isBlank, isMine: true };
    } else if (this.waiting && this.waiting.version <= answer.version) {
      this.waiting = null;
    }
    this.notes.tell("arrived");
    if (this.content() === content) {
      this.kept.forget();
      if (!answer.html) {
        this.tellSettled();
      }
    } else {
      this.kept.now(); // what has been typed since goes on from the new version
    }
    recount(this.form);
    this.page.confirmed(answer.message);
  }

  again(problem) {
    this.isDirty = true;
    this.problem = problem;
    this.timer = setTimeout(() => this.save(), RETRY);
  }

  refused(answer) {
    this.isDirty = true;
    this.isBlocked = true;
    this.problem = answer.message;
    this.notes.refuse(answer.message);
    if (answer.standing) {
      this.conflict = answer;
      this.notes.stand(answer.standing);
    }
  }

  /** Out of a conflict: "mine" replaces what stands there, knowingly; "theirs" and "both" put other
      fields in the place of mine. */
  keep(choice) {
    const { version } = this.conflict;
    const html = this.notes.fieldsOf(choice);
    const mine = snapshotOf(this.widget);
    this.isBlocked = false;
    this.conflict = null;
    this.problem = "";
    this.notes.refuse();
    this.notes.stand();
    this.version = version;
    this.own = false;
    if (html) {
      this.replace(html);
    }
    if (choice === "theirs") {
      this.confirmed = this.content();
      this.notes.tell("kept", "L’autre réponse est gardée.", "Reprendre mon texte", () => {
        this.replace(mine);
        this.changed();
      });
    }
    this.changed();
    this.save();
  }

  /** The server has a newer answer, { version, html, trace, isBlank }: the fields take it as soon
      as nobody writes in them, and what is written until then is merged by the server. */
  take(arrival) {
    const known = this.waiting ?? { version: this.own ? this.version - 1 : this.version };
    if (arrival.version <= known.version) {
      return;
    }
    this.waiting = arrival;
    this.settle();
    if (this.waiting) {
      this.notes.tell("arrived", `${arrival.trace} : cette réponse a changé. Elle paraîtra ici quand vous quitterez la question ; ce que vous y écrivez sera joint.`);
    }
  }

  /** Lets what waits in, if it may come in now. */
  settle() {
    if (this.isUnsaved || this.isComposing) {
      return;
    }
    if (this.waiting && (this.waiting.isMine || !this.isInUse)) {
      this.adopt(this.waiting);
    }
    if (this.left.length && !this.waiting) {
      this.putBack(this.left.shift());
    }
  }

  adopt({ version, html, trace, isBlank, isMine = false }) {
    this.waiting = null;
    this.version = version;
    this.own = false;
    this.replace(html);
    this.confirmed = this.content();
    this.element.toggleAttribute("data-blank", isBlank);
    this.notes.trace.textContent = trace;
    this.notes.tell("arrived");
    this.element.classList.toggle("is-fresh", !isMine);
    recount(this.form);
    this.tellSettled();
  }

  /** The fields show what the server has, no more and no less. */
  tellSettled() {
    this.element.dispatchEvent(new CustomEvent("settled", { bubbles: true }));
  }

  replace(html) {
    replaceFields(this.widget, html);
    labelRows(this.form);
  }

  /** A text that a closed page left goes on where it was: in the fields, and to the server. */
  takeBack(text) {
    this.left.push(text);
    this.settle();
  }

  putBack(text) {
    const isNews = wordsOf(text.pairs) !== wordsOf(pairsOf(this.widget));
    this.kept.inherit(text);
    this.version = text.base;
    this.own = text.own;
    this.replace(text.html);
    this.confirmed = null; // whatever the fields hold is sent: who knows what the server has
    this.isDirty = true;
    if (isNews) {
      this.notes.tell("back", `Votre texte du ${moment(text.typedAt)} n’était pas encore enregistré : il a été repris.`);
    }
    recount(this.form);
    this.page.changed();
    this.save();
  }
}

function moment(milliseconds) {
  const date = new Date(milliseconds);
  const day = date.toLocaleDateString("fr-FR", { day: "numeric", month: "long" });
  return `${day} à ${date.getHours()} h ${String(date.getMinutes()).padStart(2, "0")}`.replaceAll(" ", "\u00a0");
}
