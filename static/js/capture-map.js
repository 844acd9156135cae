// The map behind « Déplacer », in a dialog: one moves the map under a pin, or looks for an address. Loaded when it is first asked for: it needs the network anyway.

import { listAddresses } from "./addresses.js";
import { createBasemap } from "./basemap.js";

const ADDRESSES = "/adresses/";
const STREET = 17; // zoom at which houses can be told apart

const dialog = document.querySelector("[data-map-dialog]");
const problem = dialog.querySelector("[data-map-problem]");
const results = dialog.querySelector("[data-addresses]");
let map = null;

/** Asks for a place, from `position` ({ longitude, latitude }) or from afar when it is null;
    resolves to another one, or to null when nothing is to change. Rejects without network. */
export async function choosePosition(position) {
  if (!navigator.onLine) {
    throw new Error("no network");
  }
  await loadStyle(dialog.dataset.mapStyle);
  dialog.showModal();
  map ??= prepare();
  map.invalidateSize(); // it was drawn before it had a size
  if (position) {
    show(position);
  }
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(chosen()), { once: true });
  });
}

function prepare() {
  const created = createBasemap(dialog.querySelector("[data-map]"));
  dialog.querySelector("[data-choose]").addEventListener("click", () => dialog.close("chosen"));
  dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close(""));
  dialog.addEventListener("cancel", () => {
    dialog.returnValue = "";
  });
  dialog.querySelector("[data-address-search]").addEventListener("submit", search);
  return created;
}

function chosen() {
  if (dialog.returnValue !== "chosen") {
    return null;
  }
  const { lng, lat } = map.getCenter().wrap();
  return { longitude: Number(lng.toFixed(6)), latitude: Number(lat.toFixed(6)) };
}

function show({ longitude, latitude }) {
  map.setView([latitude, longitude], STREET);
}

async function search(event) {
  event.preventDefault();
  problem.textContent = "";
  const words = dialog.querySelector("#address").value;
  problem.textContent = await listAddresses(ADDRESSES, words, results, (address) => {
    show(address);
    dialog.querySelector("[data-choose]").focus();
  });
}

function loadStyle(address) {
  if (document.querySelector(`link[href="${address}"]`)) {
    return Promise.resolve();
  }
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  const loaded = new Promise((resolve, reject) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", reject);
  });
  document.head.append(link);
  return loaded;
}
