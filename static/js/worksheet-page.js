// What every page about a worksheet gains from JavaScript: the plan folds away on small screens and
// says which section one is in.

const plan = document.querySelector(".outline"); // none where no version is shown yet
const fold = plan?.querySelector("[data-fold]");

if (fold && matchMedia("(width < 64rem)").matches) {
  fold.open = false;
}

/** The links of the plan that lead into this page, by the section that each leads to. */
function sectionsOfThisPage() {
  const found = new Map();
  for (const link of plan?.querySelectorAll("ol a") ?? []) {
    const section = link.getAttribute("href").startsWith("#") && document.querySelector(link.hash);
    if (section) {
      found.set(section, link);
    }
  }
  return found;
}

const sections = sectionsOfThisPage();
const visible = new Set();
// The band below the sticky bar where one reads: its first section is the current one.
const watcher = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      visible[entry.isIntersecting ? "add" : "delete"](entry.target);
    }
    const current = [...sections.keys()].find((section) => visible.has(section));
    if (!current) {
      return;
    }
    for (const [section, link] of sections) {
      if (section === current) {
        link.setAttribute("aria-current", "location");
      } else {
        link.removeAttribute("aria-current");
      }
    }
  },
  { rootMargin: "-20% 0px -60% 0px" },
);
for (const section of sections.keys()) {
  watcher.observe(section);
}
