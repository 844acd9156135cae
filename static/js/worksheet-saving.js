// When the text of a question leaves, and what becomes of the request: one at a time, the latest
// text last, again and again where the network or the server fails.

import { inTurn, sendText } from "./worksheet-sending.js";

const PAUSE = 900; // ms without typing before a save
const RETRY = 5000; // ms before trying again what the network lost

// For the top of the page, after « Pas encore enregistré : ».
const UNREACHABLE = "connexion coupée.";
const TROUBLE = "échec du serveur.";

const TOO_BIG = "Cette réponse est trop longue pour le serveur : raccourcissez-la.";

export class Saving {
  constructor(question) {
    this.question = question;
    this.isDirty = false; // changed since the last text that was sent
    this.isBlocked = false; // refused: waits for the writer, not for the network
    this.problem = ""; // why it isn't saved, when it isn't
    this.sending = null;
    this.timer = 0;
  }

  get isPending() {
    return this.isDirty || this.sending !== null || this.problem !== "";
  }

  /** Something has to leave, after a pause. */
  touch() {
    this.isDirty = true;
    clearTimeout(this.timer);
    if (!this.isBlocked) {
      this.timer = setTimeout(() => this.save(), PAUSE);
    }
  }

  async save() {
    clearTimeout(this.timer);
    while (this.sending) {
      await this.sending;
    }
    if (!this.isDirty || this.isBlocked) {
      return;
    }
    const { excess } = this.question;
    if (excess) {
      this.block(this.question.refused({ message: excess }));
      this.question.page.changed();
      return;
    }
    if (this.question.isConfirmed && !this.problem) {
      this.isDirty = false;
      this.question.unchanged();
      return;
    }
    this.sending = inTurn(() => this.send()).finally(() => {
      this.sending = null;
      this.question.settle();
    });
    this.question.page.changed();
    await this.sending;
    this.question.page.changed();
  }

  async send() {
    const text = this.question.text();
    this.isDirty = false;
    this.question.kept.flush();
    let status;
    let answer;
    try {
      ({ status, answer } = await sendText(text));
    } catch {
      this.again(UNREACHABLE);
      return;
    }
    if (status === 200 && answer) {
      this.problem = "";
      this.question.accepted(text, answer);
    } else if (answer && status < 500) {
      this.block(this.question.refused(answer, text.pairs));
    } else if (status === 413) {
      this.block(this.question.refused({ message: TOO_BIG })); // a proxy's own refusal
    } else {
      this.again(TROUBLE);
    }
  }

  again(problem) {
    this.isDirty = true;
    this.problem = problem;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), RETRY);
  }

  block(problem) {
    this.isDirty = true;
    this.isBlocked = true;
    this.problem = problem;
  }

  unblock() {
    this.isBlocked = false;
    this.problem = "";
  }
}
