// The capture that is being written: what the form holds, checked before it joins the queue, and
// kept meanwhile, since a phone may close the page while its camera is open.

import { draftOf, keepDraft } from "./capture-queue.js";
import { Photos, newKey } from "./capture-photos.js";
import { Position } from "./capture-position.js";

const MISSING = {
  kind: "Choisissez un type d’opportunité.",
  sentence: "Dites en une phrase ce que vous avez vu.",
};

export class Draft {
  constructor(form) {
    this.form = form;
    this.isKept = false;
    this.key = newKey();
    this.photos = new Photos(form.querySelector("[data-photos]"), () => this.keep());
    this.position = new Position(form.querySelector("[data-position]"), () => {
      this.writePosition();
      this.keep();
    });
    this.position.onPlace = (place) => this.proposeTerritory(place.contract?.code);
    this.isTerritoryChosen = false;
    form.elements.territory.addEventListener("change", () => {
      this.isTerritoryChosen = true;
    });
    form.addEventListener("input", ({ target }) => {
      if (target.name in MISSING && target.value.trim()) {
        this.refuse(target.name, "");
      }
      this.keep();
    });
  }

  /** Readies the form for `profile`; `isKept` says whether the browser can keep anything. */
  async open({ owner, profile, isKept }) {
    this.owner = owner;
    this.profile = profile;
    this.offerTerritories();
    const left = isKept ? await draftOf(owner) : null;
    if (left) {
      this.resume(left);
    }
    this.isKept = isKept;
    this.form.toggleAttribute("data-by-script", isKept);
    this.position.start();
  }

  offerTerritories() {
    const { territories, territory } = this.profile;
    const select = this.form.elements.territory;
    select.replaceChildren(...territories.map(({ ref, name }) => new Option(name, ref)));
    select.value = territories.some(({ ref }) => ref === territory) ? territory : territories[0]?.ref;
    this.form.querySelector("[data-territory]").hidden = territories.length < 2;
  }

  /** Somebody who writes in several territories: the one where they stand, unless they said. */
  proposeTerritory(contract) {
    const found = this.profile.territories.find((one) => one.contract === contract);
    if (found && !this.isTerritoryChosen) {
      this.form.elements.territory.value = found.ref;
      this.keep();
    }
  }

  get value() {
    const { kind, sentence, territory } = this.form.elements;
    return {
      key: this.key,
      owner: this.owner,
      territory: territory.value,
      kind: kind.value,
      sentence: sentence.value.trim(),
      position: this.position.value,
      photos: this.photos.value,
    };
  }

  get isEmpty() {
    const { kind, sentence, photos } = this.value;
    return !kind && !sentence && !photos.length;
  }

  /** The capture to put in the queue, or null when something is missing, which is said. */
  finish() {
    const capture = this.value;
    const missing = Object.keys(MISSING).filter((name) => !capture[name]);
    for (const name of Object.keys(MISSING)) {
      this.refuse(name, missing.includes(name) ? MISSING[name] : "");
    }
    if (missing.length) {
      const [first] = missing;
      (first === "kind" ? this.form.elements.kind[0] : this.form.elements[first]).focus();
      return null;
    }
    this.profile = { ...this.profile, territory: capture.territory };
    const photos = capture.photos.map((photo) => ({ ...photo, refusal: "" }));
    return { ...capture, photos, savedAt: Date.now(), ref: "", url: "", refusal: "" };
  }

  refuse(name, message) {
    const place = this.form.querySelector(`[data-error=${name}]`);
    place.querySelector("p").textContent = message;
    place.hidden = message === "";
  }

  /** Writes `capture` in the form: a draft left behind, or one back from the queue (null when it
      has left it meanwhile). */
  resume(capture) {
    if (!capture) {
      return;
    }
    const { kind, sentence, territory } = this.form.elements;
    this.key = capture.key;
    kind.value = capture.kind;
    sentence.value = capture.sentence;
    if (this.profile.territories.some(({ ref }) => ref === capture.territory)) {
      territory.value = capture.territory;
      this.isTerritoryChosen = true;
    }
    this.photos.set(capture.photos);
    this.position.set(capture.position);
    sentence.scrollIntoView({ block: "center" });
  }

  clear() {
    const { territory } = this.profile;
    this.isKept = false; // the queue has it: nothing to keep until something is written
    this.form.reset();
    this.form.elements.territory.value = territory;
    this.isTerritoryChosen = false;
    this.key = newKey();
    this.photos.set([]);
    this.position.set(null);
    this.isKept = true;
    this.position.start();
  }

  /** For the form that is sent as it is, by a browser that can keep nothing. */
  writePosition() {
    const { longitude, latitude } = this.form.elements;
    longitude.value = this.position.value?.longitude ?? "";
    latitude.value = this.position.value?.latitude ?? "";
  }

  keep() {
    if (this.isKept) {
      keepDraft(this.value).catch(() => {}); // full: said when it is saved
    }
  }
}
