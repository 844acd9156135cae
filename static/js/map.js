// The map of opportunities: signs for what the server gathered in the visible frame, a card for the
// one that is chosen. The list beside it says the same without it.

import { Control, divIcon, DomEvent, marker, popup } from "../npm/leaflet/leaflet-src.esm.js";
import { createBasemap, DEEPEST_ZOOM, frameOf, WHOLE_COUNTRY } from "./basemap.js";

const SETTLED = 200; // milliseconds without a move
const CLOSEST = 15; // at first, so that a lone opportunity has its district around it
const SIGN = 36; // pixels
const FAILED = "La carte n’a pas pu être mise à jour : ce qu’elle montre peut dater. La liste reste juste.";
const NOTHING = "Aucune opportunité dans cette partie de la carte.";

let container;
let map;
let signs; // what identifies a sign to the server -> its marker
let request = new AbortController();
let timer;
let source = ""; // the address of what was asked for last

/** The part of the page that comes again with each filter: what to show, and in which list. */
function view() {
  return document.querySelector("[data-map-source]");
}

function firstFrame() {
  if (!view().dataset.frame) {
    return WHOLE_COUNTRY;
  }
  const [west, south, east, north] = JSON.parse(view().dataset.frame);
  return [[south, west], [north, east]];
}

function showAll() {
  source = view().dataset.mapSource;
  map.fitBounds(firstFrame(), { maxZoom: CLOSEST, padding: [SIGN, SIGN] });
  refreshSoon(); // the same frame may hold something else
}

function refreshSoon() {
  container.setAttribute("aria-busy", "true");
  clearTimeout(timer);
  timer = setTimeout(refresh, SETTLED);
}

async function refresh() {
  request.abort();
  request = new AbortController();
  const [west, south, east, north] = frameOf(map);
  if (west >= east || south >= north) {
    container.removeAttribute("aria-busy");
    return; // folded away: nothing is seen
  }
  const address = new URL(view().dataset.mapSource, location.href);
  address.searchParams.set("cadre", [west, south, east, north].join(","));
  address.searchParams.set("zoom", map.getZoom());
  try {
    const answer = await fetch(address, { signal: request.signal, redirect: "error" });
    if (!answer.ok) {
      throw new Error(answer.status);
    }
    const { signs: found } = await answer.json();
    draw(found);
    say(found.length ? "" : NOTHING);
  } catch (error) {
    if (error.name === "AbortError") {
      return; // by the next move
    }
    say(FAILED);
  }
  container.removeAttribute("aria-busy");
}

function say(words) {
  const status = document.getElementById("carte-etat");
  if (status.textContent !== words) {
    status.textContent = words;
  }
}

// Signs

/** Signs that stay are not touched, so that the one that has the focus keeps it. */
function draw(cells) {
  const shown = new Set(cells.map(identity));
  const hadFocus = signs.size && map.getPane("markerPane").contains(document.activeElement);
  for (const [key, sign] of signs) {
    if (!shown.has(key)) {
      sign.remove();
      signs.delete(key);
    }
  }
  let previous = null;
  for (const cell of cells) {
    const sign = signs.get(identity(cell)) ?? createSign(cell);
    sign.cell = cell;
    sign.setLatLng([cell.latitude, cell.longitude]);
    const element = sign.getElement();
    if (!signs.has(identity(cell))) {
      signs.set(identity(cell), sign);
      previous ? previous.after(element) : map.getPane("markerPane").prepend(element);
    }
    previous = element;
  }
  if (hadFocus && !map.getPane("markerPane").contains(document.activeElement)) {
    (map.getPane("markerPane").firstElementChild ?? container).focus({ preventScroll: true });
  }
}

function identity(cell) {
  return cell.count === 1 ? cell.opportunities[0].ref : `${cell.key} ${cell.count}`;
}

function createSign(cell) {
  const [alone] = cell.count === 1 ? cell.opportunities : [];
  const icon = divIcon({
    className: alone ? `sign kind kind-${alone.kind}` : "sign sign-several",
    html: alone ? false : cell.count.toLocaleString("fr"),
    iconSize: alone ? [SIGN, SIGN] : null, // of several, the style sheet follows the number
  });
  const sign = marker([cell.latitude, cell.longitude], { icon, title: alone?.title ?? "" });
  const act = () => (sign.cell.opportunities.length ? openCards(sign) : lookInto(sign.cell));
  sign.addTo(map).on("click", act);
  const element = sign.getElement();
  element.setAttribute("aria-label", alone ? inWords(alone) : severalInWords(cell));
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault(); // the space bar would scroll the page
      act();
    }
  });
  return sign;
}

function inWords({ title, kind_label: kind, stage_label: stage }) {
  return `${title}, ${kind}, ${stage}`;
}

function severalInWords({ count }) {
  return `${count.toLocaleString("fr")} opportunités ici : les voir de plus près`;
}

/** As near as parts them; the server then says what nothing parts. */
function lookInto({ frame: [west, south, east, north] }) {
  const extent = [[south, west], [north, east]];
  const zoom = Math.max(map.getBoundsZoom(extent, false, [SIGN * 2, SIGN * 2]), map.getZoom() + 1);
  map.setView([(south + north) / 2, (west + east) / 2], Math.min(zoom, DEEPEST_ZOOM));
}

// Cards

function openCards(sign) {
  const { count, opportunities } = sign.cell;
  const content = document.createElement("div");
  content.className = "sign-cards";
  content.append(...opportunities.map(cardOf));
  if (count > opportunities.length) {
    const more = document.createElement("p");
    more.textContent = `Et ${(count - opportunities.length).toLocaleString("fr")} autres au même endroit : la liste les montre toutes.`;
    content.append(more);
  }
  popup({ content, offset: [0, -SIGN / 3], minWidth: 240, maxWidth: 320, maxHeight: 320 })
    .setLatLng(sign.getLatLng())
    .openOn(map);
  content.querySelector("a").focus({ preventScroll: true });
  map.once("popupclose", () => {
    if (container.contains(document.activeElement) || document.activeElement === document.body) {
      (sign.getElement() ?? container).focus({ preventScroll: true });
    }
  });
}

function cardOf(opportunity) {
  const card = document.getElementById("carte-fiche").content.cloneNode(true);
  card.querySelector(".kind").classList.add(`kind-${opportunity.kind}`);
  card.querySelector("a").href = opportunity.url;
  card.querySelector("a").textContent = opportunity.title;
  const facts = [opportunity.kind_label, opportunity.place].filter(Boolean);
  card.querySelector(".meta").textContent = facts.join(" · ");
  card.querySelector(".tag").classList.add(`stage-${opportunity.stage}`);
  card.querySelector(".tag").textContent = opportunity.stage_label;
  return card;
}

// A card of the list, pointed at or focused, lights its sign.

let lit = null;

function light(event) {
  const link = event.target.closest(".opportunity-card")?.querySelector("a");
  const isIt = ({ cell }) => cell.opportunities.some(({ url }) => url === link?.pathname);
  const next = link ? [...signs.values()].find(isIt) : null;
  if (next === lit) {
    return;
  }
  lit?.getElement()?.classList.remove("sign-lit");
  lit?.setZIndexOffset(0);
  next?.getElement().classList.add("sign-lit");
  next?.setZIndexOffset(1000);
  lit = next;
}

document.addEventListener("mouseover", light);
document.addEventListener("focusin", light);

// The map itself

/** The container stays while its results come again; where there were none, it is a new one. */
function begin() {
  const found = document.getElementById("carte");
  if (!found || found === container) {
    return;
  }
  container = found;
  signs = new Map();
  map = createBasemap(container);
  addWayBack();
  map.on("movestart", () => request.abort());
  map.on("moveend", () => {
    keepPlace();
    refreshSoon();
  });
  container.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      map.closePopup();
    }
  });
}

/** From wherever the map was moved to. */
function addWayBack() {
  const wayBack = new Control({ position: "topleft" });
  wayBack.onAdd = () => {
    const bar = document.createElement("div");
    bar.className = "leaflet-bar";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Recentrer";
    button.title = "Revenir à vos opportunités";
    button.addEventListener("click", showAll);
    DomEvent.disableClickPropagation(bar);
    bar.append(button);
    return bar;
  };
  wayBack.addTo(map);
}

/** Coming back from an opportunity finds the map where it was left. */
function keepPlace() {
  const { lat, lng } = map.getCenter();
  history.replaceState({ ...history.state, map: [lat, lng, map.getZoom()] }, "");
}

document.addEventListener("htmx:afterSettle", () => {
  if (view() && view().dataset.mapSource !== source) {
    begin();
    showAll();
  }
});

begin();
if (map && history.state?.map) {
  source = view().dataset.mapSource;
  const [latitude, longitude, zoom] = history.state.map;
  map.setView([latitude, longitude], zoom);
} else if (map) {
  showAll();
}
