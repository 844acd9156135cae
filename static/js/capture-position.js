// Where the person stands, or says that the opportunity is: from the phone's own sensors, or from
// the map behind « déplacer ». The phone tells; the server names the district, when it is there.

import { ask } from "./requests.js";

const GOOD = 20; // metres: precise enough to stop listening
const PATIENCE = 15_000; // ms before the best position so far is the one
const LOCATE = "/situer/";
const DENIED = "La position n’est pas autorisée pour ce site : permettez-la dans les réglages du navigateur, ou placez le point sur la carte.";
const UNKNOWN = "Le téléphone ne trouve pas sa position. Réessayez à découvert, ou placez le point sur la carte.";
const NO_MAP = "La carte a besoin du réseau. Vous pourrez placer l’opportunité plus tard, sur sa page.";
const NOT_YET = "Le quartier sera trouvé à l’envoi";

const metres = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 0 });

export class Position {
  /** `section` is the block of the page; `changed()` is called when there is another position. */
  constructor(section, changed) {
    this.section = section;
    this.changed = changed;
    this.value = null; // { longitude, latitude, accuracy } in degrees and metres; accuracy null: by hand
    this.onPlace = () => {}; // told what the server knows of the place (/situer/)
    this.watch = null;
    this.question = new AbortController();
    section.querySelector("[data-locate]").addEventListener("click", () => this.listen());
    section.querySelector("[data-forget]").addEventListener("click", () => this.set(null));
    for (const button of section.querySelectorAll("[data-move]")) {
      button.addEventListener("click", () => this.move(button));
    }
  }

  /** Asks the phone at once where that was allowed before; elsewhere a tap comes first. */
  async start() {
    this.section.hidden = false;
    const permission = await navigator.permissions?.query({ name: "geolocation" }).catch(() => null);
    if (permission?.state === "granted" && !this.value) {
      this.listen();
    }
  }

  listen() {
    if (!navigator.geolocation) {
      this.say(UNKNOWN);
      return;
    }
    this.stop();
    this.say("", "Recherche de votre position…");
    this.watch = navigator.geolocation.watchPosition(
      ({ coords }) => this.hear(coords),
      (error) => this.fail(error),
      { enableHighAccuracy: true, maximumAge: 30_000, timeout: PATIENCE },
    );
    this.deadline = setTimeout(() => this.stop(), PATIENCE);
  }

  hear({ longitude, latitude, accuracy }) {
    if (!this.value || this.value.accuracy === null || accuracy <= this.value.accuracy) {
      this.set({ longitude, latitude, accuracy: Math.round(accuracy) }, { isListening: true });
    }
    if (accuracy <= GOOD) {
      this.stop();
    }
  }

  fail(error) {
    this.stop();
    if (!this.value) {
      this.say(error.code === error.PERMISSION_DENIED ? DENIED : UNKNOWN);
    }
  }

  stop() {
    navigator.geolocation?.clearWatch(this.watch);
    clearTimeout(this.deadline);
  }

  set(value, { isListening = false } = {}) {
    if (!isListening) {
      this.stop();
    }
    this.value = value;
    this.section.toggleAttribute("data-known", value !== null);
    this.say("");
    this.changed();
    if (value) {
      this.describe(value);
    }
  }

  /** The place in words: what the phone knows now, then what the server knows of it. */
  async describe({ longitude, latitude, accuracy }) {
    const how = accuracy === null ? "placé sur la carte" : `précision ${metres.format(accuracy)} m`;
    this.write("Position notée", [NOT_YET, how]);
    this.question.abort();
    this.question = new AbortController();
    const place = await ask(LOCATE, { lon: longitude, lat: latitude }, this.question.signal);
    if (place?.sentence) { // without network the place keeps the words that it has
      this.write(place.sentence, [how]);
      this.onPlace(place);
    }
  }

  write(title, details) {
    this.section.querySelector("[data-place]").textContent = title;
    this.section.querySelector("[data-details]").textContent = details.filter(Boolean).join(" · ");
  }

  say(problem, progress = "") {
    this.section.querySelector("[data-problem]").textContent = problem;
    this.section.querySelector("[data-progress]").textContent = progress;
  }

  async move(button) {
    let chosen = null;
    try {
      const { choosePosition } = await import("./capture-map.js");
      chosen = await choosePosition(this.value);
    } catch {
      this.say(NO_MAP);
    }
    if (chosen) {
      this.set({ ...chosen, accuracy: null });
    }
    (button.checkVisibility() ? button : this.section.querySelector("[data-known-place] [data-move]")).focus();
  }
}
