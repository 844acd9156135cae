// The list of what waits on this device, and what was sent since the page was opened: what each
// capture is, where it stands, and what its author can do about it.

import { amend, keep, remove } from "./capture-queue.js";
import { newKey, thumbnail } from "./capture-photos.js";

const WAITING = "En attente, conservé ici";
const HALF = "L’opportunité est enregistrée ; ses photos attendent, conservées ici";

export class WaitingList {
  /** `edit(key)` brings a capture back into the form, `drop(capture)` deletes it once confirmed;
      both answer false where they said instead why not; `send()` tries to send again. */
  constructor(section, { edit, drop, send }) {
    this.section = section;
    this.edit = edit;
    this.drop = drop;
    this.send = send;
  }

  show(captures) {
    this.section.hidden = captures.length === 0;
    // What has the focus keeps it, where it is still there.
    const focused = document.activeElement?.dataset?.action;
    const items = captures.map((capture) => this.item(capture));
    this.section.querySelector("[data-waiting-list]").replaceChildren(...items);
    if (focused) {
      this.section.querySelector(`[data-action="${CSS.escape(focused)}"]`)?.focus();
    }
  }

  item(capture) {
    const item = document.createElement("li");
    item.className = "capture-waiting-item";
    item.append(pictureOf(capture), this.text(capture));
    return item;
  }

  text(capture) {
    const text = document.createElement("div");
    text.className = "row-text";
    text.append(paragraph(capture.sentence, "capture-sentence"));
    const refused = capture.photos.filter((photo) => photo.refusal);
    if (capture.refusal) {
      text.append(paragraph(capture.refusal.message, "capture-error"));
    } else if (!refused.length) {
      text.append(paragraph(capture.ref ? HALF : WAITING, "meta capture-state"));
    }
    for (const photo of refused) {
      text.append(paragraph(`Photo « ${photo.name} » : ${photo.refusal}`, "capture-error"));
    }
    text.append(this.actions(capture, refused));
    return text;
  }

  actions(capture, refused) {
    const { key, ref, url, refusal } = capture;
    const row = document.createElement("div");
    row.className = "cluster capture-actions";
    const add = (label, act) => row.append(this.button(key, label, act));
    if (url) {
      row.append(link(url, "Ouvrir"));
    }
    if (refusal.ref) {
      row.append(link(refusal.url, "Ouvrir celle qui existe"));
      const same = { ref: refusal.ref, url: refusal.url, refusal: "" };
      add("C’est la même", () => amend(key, (now) => ({ ...now, ...same })));
      add("En faire une autre", async () => {
        await keep({ ...capture, key: newKey(), refusal: "" });
        await remove(key);
      });
    }
    if (refused.length) {
      add(refused.length > 1 ? "Retirer ces photos" : "Retirer cette photo", () => removeRefused(capture));
    }
    if (!ref) {
      add("Modifier", () => this.edit(key));
      add("Supprimer", () => this.drop(capture));
    }
    return row;
  }

  button(key, label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-secondary btn-sm";
    button.textContent = label;
    button.dataset.action = `${key} ${label}`;
    button.addEventListener("click", async () => {
      if ((await act()) !== false) {
        this.send();
      }
    });
    return button;
  }
}

/** Without its refused photos the capture may have nothing left to send. */
async function removeRefused(capture) {
  const photos = capture.photos.filter((photo) => !photo.refusal);
  if (capture.ref && !photos.length) {
    const { owner, sentence: title, url } = capture;
    await remove(capture.key, { owner, title, url });
  } else {
    await amend(capture.key, (now) => ({ ...now, photos }));
  }
}

/** « … est enregistrée », with the way to it, above those said before. */
export function acknowledge(place, { title, url }) {
  const line = paragraph(`« ${title} » est enregistrée. `, "");
  line.append(link(url, "Ouvrir"));
  const alert = document.createElement("div");
  alert.className = "alert alert-success";
  alert.append(line);
  place.prepend(alert);
}

function pictureOf({ photos, kind }) {
  if (photos.length) {
    const picture = thumbnail(photos[0], "");
    picture.className = "capture-thumbnail";
    return picture;
  }
  const pictogram = document.createElement("span");
  pictogram.className = `kind kind-${kind}`;
  pictogram.setAttribute("aria-hidden", "true");
  return pictogram;
}

function paragraph(text, classes) {
  const element = document.createElement("p");
  element.className = classes;
  element.textContent = text;
  return element;
}

function link(address, text) {
  const element = document.createElement("a");
  element.href = address;
  element.textContent = text;
  return element;
}
