// One question of a worksheet: what its fields hold, what the server has of it, and what is still
// between the two. `worksheet.js` makes the questions of the page; whoever hears of an answer saved
// elsewhere gives it to `questionOf(slot)?.take(...)`.

import { inWords } from "./copies.js";
import { recount } from "./worksheet-counts.js";
import { Kept } from "./worksheet-kept.js";
import { excessOf } from "./worksheet-length.js";
import { Notes } from "./worksheet-notes.js";
import { firstControl, labelRows } from "./worksheet-rows.js";
import { Saving } from "./worksheet-saving.js";
import { contentOf, pairsOf, replaceFields, snapshotOf, wordsOf } from "./worksheet-widget.js";

// Why it isn't saved, for the top of the page; the rest is said beside the question.
const CONTRADICTION = "deux textes s’opposent.";
const REFUSED = "voyez sous la question.";
const SIGNED_OUT = "reconnectez-vous.";

/** The questions that one writes on this page, by the name of their slot. */
export const questions = new Map();

export function questionOf(slot) {
  return questions.get(slot);
}

export class Question {
  /** `page`: { owner, worksheet, title, changed(), confirmed(message) }; `changed` is called when
      what is to be said of the saving may have changed. */
  constructor(element, page) {
    this.element = element;
    this.page = page;
    this.slot = element.id;
    this.form = element.closest("form");
    this.widget = element.querySelector("[data-widget]");
    this.versionField = element.querySelector("[data-version]");
    this.notes = new Notes(element);
    this.saving = new Saving(this);
    this.kept = new Kept(() => this.text(), page.changed);
    this.confirmed = this.content; // when the fields and the server agreed
    this.own = false; // the fields go on from what was sent, not from the merge that came of it
    this.waiting = null; // what the server has, newer than the fields, until they may take it
    this.left = []; // texts of closed pages, until they may be put back
    this.conflict = null; // { version, content } of somebody else's text that is shown beside mine
    this.isComposing = false; // in the middle of a letter: é from ´ and e, a word of a phone
    this.heedPage();
  }

  /** A page that was sent whole comes back with what couldn't be saved. */
  heedPage() {
    const { isStanding, refused } = this.notes;
    if (isStanding || refused) {
      this.confirmed = null;
      this.conflict = isStanding ? { version: this.version, content: this.content } : null;
      this.saving.block(isStanding ? CONTRADICTION : REFUSED);
      this.kept.soon();
    }
  }

  get version() {
    return Number(this.versionField.value);
  }

  set version(version) {
    this.versionField.value = version;
  }

  get isUnsaved() {
    return this.saving.isPending;
  }

  get content() {
    return contentOf(pairsOf(this.widget));
  }

  /** Why the server would take nothing of what the fields hold; "" where it may. */
  get excess() {
    return excessOf(pairsOf(this.widget));
  }

  /** Whether the fields hold what the server is known to have. */
  get isConfirmed() {
    return this.content === this.confirmed;
  }

  /** What is sent and, until it is confirmed, kept in the browser (worksheet-keeping.js). */
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

  /** Its writer changed something: a refusal is tried again, but for a conflict, which is theirs to
      end. */
  changed() {
    this.saving.isBlocked &&= this.conflict !== null;
    this.saving.touch();
    if (!this.saving.problem && this.excess) {
      this.save(); // which says so at once
    }
    this.kept.soon();
    this.page.changed();
  }

  /** Its writer came back to what is saved. */
  unchanged() {
    this.kept.forget();
    this.settle();
    this.page.changed();
  }

  save() {
    return this.saving.save();
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

  accepted({ pairs }, answer) {
    const { version, html, message: trace, is_blank: isBlank } = answer;
    this.version = version;
    this.confirmed = contentOf(pairs);
    this.own = html !== "";
    this.conflict = null;
    if (!this.waiting || this.waiting.version <= version) {
      this.waiting = html ? { version, html, trace, isBlank, isMine: true } : null;
      this.notes.tell("arrived");
    }
    if (this.isConfirmed) {
      this.kept.forget();
    } else {
      this.kept.now(); // what has been typed since goes on from the new version
    }
    this.showSaved(trace, isBlank);
    this.notes.refuse(answer.notice);
    this.notes.stand();
    if (answer.merged_with) {
      this.notes.tell("merged", answer.merged_with);
    }
    if (!html && this.isConfirmed) {
      this.tellSettled();
    }
    this.page.confirmed(trace);
  }

  /** `pairs` are those that were sent. Returns why, in a clause for the top of the page. */
  refused({ standing, version, message, sign_in: signIn }, pairs = []) {
    const isNews = this.conflict?.version < version;
    this.conflict = standing ? { version, content: contentOf(pairs) } : null;
    this.notes.refuse(standing ? "" : message); // two texts side by side say it
    this.notes.stand(standing);
    if (!standing) {
      return signIn ? SIGNED_OUT : REFUSED;
    }
    if (this.waiting?.version <= version) {
      this.waiting = null; // it stands beside mine
    }
    this.notes.tell("arrived", isNews ? "L’autre texte vient de changer : le voici à jour." : "");
    this.notes.tell("merged"); // of an earlier save, which this one doesn't follow
    return CONTRADICTION;
  }

  /** Out of a conflict: "mine" replaces what stands there, knowingly; "theirs" and "both" put other
      fields in the place of mine. */
  async keep(choice) {
    if (choice === "both" || this.isOutdated || this.saving.sending) {
      await this.askAgain();
    }
    if (!this.conflict || (choice === "both" && this.content !== this.conflict.content)) {
      return; // what was asked ended the conflict, or couldn't be
    }
    const html = this.notes.fieldsOf(choice);
    const mine = snapshotOf(this.widget);
    this.version = this.conflict.version;
    this.own = false;
    if (html) {
      this.replace(html);
    }
    if (choice === "theirs") {
      this.confirmed = this.content;
      this.notes.tell("kept", "L’autre réponse est gardée.", "Reprendre mon texte", () => {
        this.replace(mine);
        this.changed();
      });
    }
    this.conflict = null;
    this.notes.tell("arrived");
    this.saving.unblock();
    firstControl(this.widget).focus(); // before the button that has it goes
    this.notes.refuse();
    this.notes.stand();
    this.changed();
    this.save();
  }

  /** Whether the server has something newer than what stands beside mine. */
  get isOutdated() {
    return this.conflict !== null && this.waiting !== null;
  }

  /** In a conflict: sends what the fields hold now, for the server to say what stands against it
      now and put both together, or to find that nothing does any more. */
  askAgain() {
    this.saving.isBlocked = false;
    return this.save();
  }

  /** The server has a newer answer, { version, html, trace, isBlank }: the fields take it as soon
      as nobody writes in them, and what is written until then is merged by the server. */
  take(arrival) {
    const seen = { version: this.own ? this.version - 1 : this.version };
    const known = this.waiting ?? this.conflict ?? seen;
    if (arrival.version <= known.version) {
      return;
    }
    this.waiting = arrival;
    this.settle();
    if (this.waiting && !this.conflict) {
      this.notes.tell("arrived", `${arrival.trace} : cette réponse a changé. Elle paraîtra ici quand vous quitterez la question ; ce que vous y écrivez sera joint.`);
    }
  }

  /** Lets what waits in, if it may come in now. */
  settle() {
    if (this.isOutdated && this.saving.isBlocked) {
      this.askAgain();
    }
    if (this.isUnsaved || this.isComposing) {
      return;
    }
    const isInUse = this.widget.contains(document.activeElement);
    if (this.waiting && (this.waiting.isMine || !isInUse)) {
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
    this.confirmed = this.content;
    this.notes.tell("arrived");
    this.showSaved(trace, isBlank);
    this.element.classList.toggle("is-fresh", !isMine);
    this.tellSettled();
  }

  showSaved(trace, isBlank) {
    this.element.toggleAttribute("data-blank", isBlank);
    this.notes.trace.textContent = trace;
    recount(this.form);
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
    this.confirmed = null; // it is sent whatever the server has: it knows again what it has taken
    if (isNews) {
      this.notes.tell("back", `Votre texte du ${inWords(new Date(text.typedAt))} n’était pas encore enregistré : il a été repris.`);
    }
    recount(this.form);
    this.saving.touch();
    this.save();
  }
}
