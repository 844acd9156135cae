// The key "?" lists what the keyboard does, wherever it isn't a letter of what one writes.

import { inTurn, show } from "./dialogs.js";

const model = document.getElementById("shortcuts");
const WRITES = "input, select, textarea, [contenteditable]";

document.addEventListener("keydown", (event) => {
  const isWritten = event.target.closest?.(WRITES) || document.querySelector("dialog[open]");
  if (event.key === "?" && !event.ctrlKey && !event.metaKey && !isWritten) {
    event.preventDefault();
    inTurn(() => show(model, () => {}));
  }
});
