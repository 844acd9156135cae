// What the browser keeps of one question from the first letter until the server has it.

import { forget, keep } from "./worksheet-keeping.js";

const PAUSE = 250; // ms: what a crash takes
const SHARE = 10; // and that many times what keeping took: a huge text must leave time to write

export class Kept {
  /** `describe()` gives the text as it is now (worksheet-keeping.js), without its key; `changed()`
      is called when `isSafe` has changed. */
  constructor(describe, changed) {
    this.describe = describe;
    this.changed = changed;
    this.key = crypto.randomUUID?.() ?? "";
    this.isSafe = false; // whether the device holds what the question held when last kept
    this.timer = 0;
    this.pause = PAUSE;
    this.last = null;
  }

  soon() {
    this.timer ||= setTimeout(() => this.now(), this.pause);
  }

  /** At once, if something is still to be kept. */
  flush() {
    if (this.timer) {
      this.now();
    }
  }

  async now() {
    this.cancel();
    const start = performance.now();
    const text = { ...this.describe(), key: this.key, typedAt: Date.now() };
    this.last = text;
    const isSafe = await keep(text).then(() => true, () => false);
    this.pause = Math.max(PAUSE, SHARE * (performance.now() - start));
    if (this.last === text && this.isSafe !== isSafe) {
      this.isSafe = isSafe;
      this.changed();
    }
  }

  /** The server has it. */
  forget() {
    this.cancel();
    this.isSafe = false;
    if (this.last) {
      this.last = null;
      forget(this.key).catch(() => {}); // it is sent again at the next visit, which changes nothing
    }
  }

  /** Goes on with a text that another page left. */
  inherit(text) {
    this.key = text.key;
    this.last = text;
    this.isSafe = true;
  }

  cancel() {
    clearTimeout(this.timer);
    this.timer = 0;
  }
}
