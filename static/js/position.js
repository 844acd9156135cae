// The position of an opportunity: on the page that writes it (`data-position`) a map, an address
// search and the device's own position fill two plain fields, which alone are sent; on the page that
// shows it (`data-position-map`) a map with one pin.

import { listAddresses } from "./addresses.js";
import { ask } from "./requests.js";

const CLOSE = 15; // zoom: streets have their names
const DECIMALS = 6; // of a degree: 10 cm
const DENIED = "La position n’est pas autorisée pour ce site : permettez-la dans les réglages du navigateur, ou cliquez sur la carte.";
const UNKNOWN = "Votre appareil ne trouve pas sa position. Cliquez sur la carte, ou cherchez une adresse.";
const PIN = { className: "position-pin", iconSize: [28, 32], iconAnchor: [14, 32] };

class PositionField {
  constructor(element) {
    this.element = element;
    this.inputs = ["longitude", "latitude"].map((name) => element.querySelector(`[name=${name}]`));
    this.map = null;
    this.pin = null;
    this.question = new AbortController();
    this.find("tools").hidden = false;
    this.find("search").addEventListener("click", () => this.search());
    this.find("address").addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault(); // it would send the form
        this.search();
      }
    });
    this.find("here").addEventListener("click", () => this.listen());
    this.find("forget").addEventListener("click", () => this.set(null));
    this.inputs.forEach((input) => input.addEventListener("change", () => this.moved()));
    this.chosenByHand = new Set();
    for (const name of ["district", "commune"]) {
      this.select(name)?.addEventListener("change", () => this.chosenByHand.add(name));
    }
    whenShown(element, () => this.draw());
    this.find("forget").hidden = !this.value;
    if (this.value) {
      this.describe();
    }
  }

  find(part) {
    return this.element.querySelector(`[data-${part}]`);
  }

  select(name) {
    return this.element.closest("form").querySelector(`select[name=${name}]`);
  }

  /** [longitude, latitude] in degrees, null where the fields hold none. */
  get value() {
    const degrees = this.inputs.map((input) => input.value.replace(/\s/g, "").replace(",", "."));
    return degrees.every((text) => text !== "" && Number.isFinite(Number(text))) ? degrees.map(Number) : null;
  }

  set(position) {
    this.inputs.forEach((input, place) => {
      input.value = position ? position[place].toFixed(DECIMALS).replace(".", ",") : "";
    });
    this.moved();
  }

  moved() {
    this.say("");
    this.find("forget").hidden = !this.value;
    this.showPin();
    this.describe();
  }

  // The map

  async draw() {
    const [{ createBasemap }, { divIcon, marker }] = await Promise.all([
      import("./basemap.js"),
      import("../npm/leaflet/leaflet-src.esm.js"),
    ]);
    this.map = createBasemap(this.find("map"));
    this.pin = marker([0, 0], { icon: divIcon(PIN), draggable: true, keyboard: false });
    this.pin.on("dragend", () => this.place(this.pin.getLatLng()));
    this.map.on("click", ({ latlng }) => this.place(latlng));
    this.map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === this.map.getContainer()) {
        event.preventDefault();
        this.place(this.map.getCenter());
      }
    });
    const [west, south, east, north] = JSON.parse(this.element.dataset.frame);
    this.map.fitBounds([[south, west], [north, east]], { maxZoom: CLOSE });
    this.showPin();
  }

  place(latlng) {
    const { lng, lat } = latlng.wrap();
    this.set([lng, lat]);
  }

  showPin() {
    if (!this.map) {
      return;
    }
    if (!this.value) {
      this.pin.remove();
      return;
    }
    const [longitude, latitude] = this.value;
    this.pin.setLatLng([latitude, longitude]).addTo(this.map);
    if (this.map.getZoom() < CLOSE || !this.map.getBounds().contains(this.pin.getLatLng())) {
      this.map.setView(this.pin.getLatLng(), CLOSE);
    }
  }

  // In words

  /** Where the position lies; the district and the commune follow it, unless chosen by hand. */
  async describe() {
    this.question.abort();
    this.question = new AbortController();
    this.find("situation").textContent = "";
    this.find("beyond").textContent = "";
    if (!this.value) {
      return;
    }
    const [lon, lat] = this.value;
    const { locateUrl, contract } = this.element.dataset;
    const answer = await ask(locateUrl, { lon, lat, contrat: contract }, this.question.signal);
    if (!answer?.sentence) {
      return; // the district is found when the form is saved
    }
    this.find("situation").textContent = answer.sentence;
    this.find("beyond").textContent = answer.is_beyond ? this.find("beyond").dataset.warning : "";
    for (const name of ["district", "commune"]) {
      this.follow(name, answer[name]?.code);
    }
  }

  follow(name, code) {
    const select = this.select(name);
    const isOffered = [...(select?.options ?? [])].some((option) => option.value === code);
    if (code && isOffered && !this.chosenByHand.has(name)) {
      select.value = code;
    }
  }

  say(problem) {
    this.find("problem").textContent = problem;
  }

  // Other ways to it

  listen() {
    if (!navigator.geolocation) {
      this.say(UNKNOWN);
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.set([coords.longitude, coords.latitude]),
      (error) => this.say(error.code === error.PERMISSION_DENIED ? DENIED : UNKNOWN),
      { enableHighAccuracy: true, timeout: 15_000 },
    );
  }

  async search() {
    const words = this.find("address").value.trim();
    if (!words) {
      return;
    }
    const { addressesUrl } = this.element.dataset;
    this.say(await listAddresses(addressesUrl, words, this.find("addresses"), (address) => {
      this.set([address.longitude, address.latitude]);
      this.find("address").focus();
    }));
  }
}

/** Calls `draw` once the element has a size: a map in a folded section has none. */
function whenShown(element, draw) {
  const section = element.closest("details");
  if (!section || section.open) {
    draw();
  } else {
    section.addEventListener("toggle", draw, { once: true });
  }
}

async function showPosition(container) {
  const [{ createBasemap }, { divIcon, marker }] = await Promise.all([
    import("./basemap.js"),
    import("../npm/leaflet/leaflet-src.esm.js"),
  ]);
  const place = [Number(container.dataset.latitude), Number(container.dataset.longitude)];
  const map = createBasemap(container);
  map.setView(place, CLOSE);
  map.scrollWheelZoom.disable(); // the page scrolls over it
  marker(place, { icon: divIcon(PIN), interactive: false, keyboard: false }).addTo(map);
}

/** "À 180 m du quartier…", where the page knows only that it is near. */
async function sayHowFar(words) {
  const { longitude: lon, latitude: lat, locateUrl } = words.dataset;
  const answer = await ask(locateUrl, { lon, lat });
  words.textContent = answer?.sentence ?? words.textContent;
}

document.querySelectorAll("[data-position]").forEach((element) => new PositionField(element));
document.querySelectorAll("[data-position-map]").forEach(showPosition);
document.querySelectorAll("[data-how-far]").forEach(sayHowFar);
