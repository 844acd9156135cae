// What test_axe.py asks of a page besides axe-core's rules. Evaluated in the page: answers a list
// of faults in words. Tab was pressed before, so that each focus given here is a visible one.

async () => {
  const faults = [];
  const name = (element) =>
    element.id ? `#${element.id}` : `${element.localName}.${element.className} « ${(element.textContent || "").trim().slice(0, 40)} »`;

  if (document.documentElement.lang !== "fr") {
    faults.push(`the language is ${document.documentElement.lang}`);
  }
  const headings = document.querySelectorAll("h1");
  if (headings.length !== 1) {
    faults.push(`${headings.length} h1`);
  }
  const seen = new Set();
  for (const { id } of document.querySelectorAll("[id]")) {
    if (seen.has(id)) {
      faults.push(`the id ${id} twice`);
    }
    seen.add(id);
  }
  // Leaflet's buttons are links, and say that they are buttons. What is hidden leads nowhere yet.
  for (const link of document.querySelectorAll('a[href^="#"]:not([role="button"])')) {
    if (link.closest("[hidden]")) {
      continue;
    }
    if (link.hash.length < 2 || !seen.has(decodeURIComponent(link.hash.slice(1)))) {
      faults.push(`${name(link)} leads nowhere: ${link.hash}`);
    }
  }
  if (document.scrollingElement.scrollWidth > window.innerWidth) {
    const beyond = [...document.body.querySelectorAll("*")].filter(
      (element) => element.getBoundingClientRect().right > window.innerWidth,
    );
    faults.push(`wider than the window, the last of them ${beyond.slice(-3).map(name).join(", ")}`);
  }

  const STOPS = "a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex='0']";
  const SHOWS = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "borderColor"];
  // The mark of focus may be on what holds the control: a tile, a row, an answer.
  const look = (stop) => {
    const marks = [];
    for (let element = stop, up = 0; element && up < 4; element = element.parentElement, up += 1) {
      const style = getComputedStyle(element);
      marks.push(...SHOWS.map((property) => style[property]));
    }
    return marks.join();
  };
  const bars = [...document.querySelectorAll("body *")].filter((element) =>
    ["sticky", "fixed"].includes(getComputedStyle(element).position),
  );
  // Whether a bar covers the corners and the middle of what has the focus.
  const isHidden = (stop) => {
    const { left, right, top, bottom } = stop.getBoundingClientRect();
    const points = [left + 1, (left + right) / 2, right - 1].flatMap((x) =>
      [top + 1, (top + bottom) / 2, bottom - 1].map((y) => document.elementFromPoint(x, y)),
    );
    return bars.some((bar) => !bar.contains(stop) && points.every((point) => bar.contains(point)));
  };

  // One of each kind: a worksheet has hundreds of stops.
  const kind = ({ localName, type, className, parentElement }) =>
    [localName, type, className, parentElement.localName, parentElement.className].join();
  const known = new Set();
  const reachable = document.querySelector("dialog:modal") ?? document; // all else is inert under it
  for (const stop of reachable.querySelectorAll(STOPS)) {
    if (stop.tabIndex < 0 || stop.disabled || !stop.checkVisibility({ visibilityProperty: true })) {
      continue;
    }
    if (known.has(kind(stop))) {
      continue;
    }
    known.add(kind(stop));
    document.activeElement?.blur();
    await scheduler.postTask(() => {}); // styles of focus-within follow a moment later
    const before = look(stop);
    stop.focus();
    if (document.activeElement !== stop) {
      faults.push(`no focus on ${name(stop)}`);
    } else if (look(stop) === before) {
      faults.push(`focus invisible on ${name(stop)}`);
    } else if (isHidden(stop)) {
      faults.push(`focus under a sticky bar on ${name(stop)}`);
    }
  }
  document.activeElement?.blur();
  return faults;
}
