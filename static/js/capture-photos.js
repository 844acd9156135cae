// The photos of the capture that is being written: read whole at once (a phone may take the file of
// its camera away at any time), shown small, removable.

const NO_PREVIEW = "bi bi-image";

export class Photos {
  /** `section` is the block of the page; `changed()` is called when there are other photos. */
  constructor(section, changed) {
    this.list = section.querySelector("[data-photo-list]");
    this.problem = section.querySelector("[data-photo-problem]");
    this.changed = changed;
    this.value = []; // { key, name, type, bytes, refusal }
    for (const input of section.querySelectorAll("input[type=file]")) {
      input.addEventListener("change", () => this.take(input));
    }
  }

  async take(input) {
    const files = [...input.files];
    input.value = ""; // the same photo may be taken again
    this.problem.textContent = "";
    for (const file of files) {
      try {
        const bytes = await file.arrayBuffer();
        const photo = { key: newKey(), name: file.name, type: file.type, bytes, refusal: "" };
        this.value = [...this.value, photo];
      } catch {
        this.problem.textContent = `« ${file.name} » n’a pas pu être lue. Reprenez la photo.`;
      }
    }
    this.set(this.value);
  }

  set(photos) {
    this.value = photos;
    this.list.replaceChildren(...photos.map((photo, index) => this.tile(photo, index)));
    this.changed();
  }

  tile(photo, index) {
    const item = document.createElement("li");
    item.className = "capture-photo";
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "capture-photo-remove";
    remove.setAttribute("aria-label", `Retirer la photo ${index + 1}`);
    remove.append(icon("bi bi-x-lg"));
    remove.addEventListener("click", () => this.set(this.value.filter((other) => other !== photo)));
    item.append(thumbnail(photo, `Photo ${index + 1}`), remove);
    return item;
  }
}

/** An image of the photo, or a pictogram where the browser can't show its format (HEIC). */
export function thumbnail(photo, description) {
  const image = document.createElement("img");
  image.alt = description;
  image.src = URL.createObjectURL(new Blob([photo.bytes], { type: photo.type }));
  image.addEventListener("load", () => URL.revokeObjectURL(image.src));
  image.addEventListener("error", () => {
    const substitute = icon(NO_PREVIEW);
    substitute.classList.add("capture-no-preview");
    image.replaceWith(substitute, hidden(description));
  });
  return image;
}

/** A UUID. `crypto.randomUUID` exists in secure contexts only, as this page. */
export function newKey() {
  return crypto.randomUUID();
}

function icon(classes) {
  const element = document.createElement("i");
  element.className = classes;
  element.setAttribute("aria-hidden", "true");
  return element;
}

function hidden(text) {
  const element = document.createElement("span");
  element.className = "visually-hidden";
  element.textContent = text;
  return element;
}
