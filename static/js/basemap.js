// A Leaflet map in a container: its background, its controls in French, districts and communes
// under whatever the page draws. Loaded by the pages that have a map; see static/css/basemap.css.
//
//   <div class="map" id="…" tabindex="0" aria-label="…" {% basemap %} data-districts="/quartiers.json"></div>

import { bounds, circleMarker, control, DomUtil, geoJSON, map as createMap, tileLayer } from "../npm/leaflet/leaflet-src.esm.js";

export const DEEPEST_ZOOM = 19; // of the IGN's Plan; a house fills the map
export const WHOLE_COUNTRY = [[41.3, -5.3], [51.2, 9.7]];
const NAMES_FROM_ZOOM = 12; // further out, few names of districts would have room
const AIR = 6; // pixels between two names
const SETTLED = 150; // milliseconds without a move
const NAME = { permanent: true, direction: "center", className: "district-name", pane: "names" };
const BELOW_SIGNS = 450; // Leaflet draws outlines at 400, markers at 600
const DISTRICTS_BY = "Quartiers : ANCT";
const NO_BACKGROUND = "Fond de carte indisponible";

/** The map of `container`, on the whole country until it is told where to look. */
export function createBasemap(container) {
  const map = createMap(container, {
    attributionControl: false,
    maxBounds: [[-85, -180], [85, 180]], // one world: the server is never asked for another
    maxZoom: DEEPEST_ZOOM,
    minZoom: 2,
    zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    fadeAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    zoomControl: false,
  });
  control.zoom({ zoomInTitle: "Zoomer", zoomOutTitle: "Dézoomer" }).addTo(map);
  control.scale({ imperial: false, position: "topright" }).addTo(map);
  map.attributionControl = control.attribution({ prefix: false }).addTo(map);
  map.on("popupopen", ({ popup }) => {
    popup.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", "Fermer");
  });
  map.fitBounds(WHOLE_COUNTRY);
  addTiles(map, container.dataset);
  if (container.dataset.districts) {
    addDistricts(map, container.dataset.districts);
  }
  return map;
}

/** [west, south, east, north] of what the map shows, in degrees, within the world. */
export function frameOf(map) {
  const bounds = map.getBounds();
  return [
    Math.max(bounds.getWest(), -180),
    Math.max(bounds.getSouth(), -90),
    Math.min(bounds.getEast(), 180),
    Math.min(bounds.getNorth(), 90),
  ].map((degrees) => Number(degrees.toFixed(6)));
}

function addTiles(map, { tiles, attribution }) {
  if (!tiles) {
    return;
  }
  const layer = tileLayer(tiles, { attribution: escaped(attribution), maxZoom: DEEPEST_ZOOM });
  layer.on("tileerror", () => map.attributionControl.addAttribution(NO_BACKGROUND));
  layer.on("tileload", () => map.attributionControl.removeAttribution(NO_BACKGROUND));
  layer.addTo(map);
}

function escaped(text) {
  const element = document.createElement("span");
  element.textContent = text;
  return element.innerHTML;
}

/** Districts and communes of what the map shows, drawn again as it moves. They are a background:
    no one needs them to read the list, and a failure leaves those already drawn. */
function addDistricts(map, address) {
  map.createPane("names").style.zIndex = BELOW_SIGNS;
  const layer = geoJSON(null, {
    attribution: DISTRICTS_BY,
    interactive: false,
    style: ({ properties }) => ({ className: `outline outline-${properties.type}` }),
    pointToLayer: (feature, point) => circleMarker(point, { radius: 9 }), // perimeter unknown
    onEachFeature: ({ properties }, outline) => {
      if (properties.type === "district") {
        outline.bindTooltip(document.createTextNode(properties.name), NAME);
      }
    },
  }).addTo(map);
  let request = new AbortController();
  let timer;

  async function refresh() {
    request.abort();
    request = new AbortController();
    const query = new URLSearchParams({ cadre: frameOf(map).join(",") });
    try {
      const answer = await fetch(`${address}?${query}`, { signal: request.signal });
      if (answer.ok) {
        const features = await answer.json();
        layer.clearLayers();
        layer.addData(features);
        partNames(layer);
      }
    } catch {
      // Aborted by the next move, or no network.
    }
  }
  function refreshSoon() {
    clearTimeout(timer);
    timer = setTimeout(refresh, SETTLED);
  }

  map.on("moveend", refreshSoon);
  map.on("zoomend", () => {
    map.getContainer().classList.toggle("map-far", map.getZoom() < NAMES_FROM_ZOOM);
    partNames(layer);
  });
  refreshSoon();
}

/** Of names that would cover one another, the first is shown; from nearer, the others are. */
function partNames(outlines) {
  const shown = [];
  outlines.eachLayer((outline) => {
    const name = outline.getTooltip()?.getElement();
    if (!name) {
      return; // a commune
    }
    const start = DomUtil.getPosition(name);
    const box = bounds(start, start.add([name.offsetWidth + AIR, name.offsetHeight + AIR]));
    const isCovered = shown.some((other) => other.overlaps(box));
    name.classList.toggle("district-name-covered", isCovered);
    if (!isCovered) {
      shown.push(box);
    }
  });
}
