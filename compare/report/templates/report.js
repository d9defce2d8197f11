const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/* Tables sort by each column, both ways. */
for (const button of all("thead button")) {
  button.addEventListener("click", () => {
    const heading = button.closest("th"), table = heading.closest("table"), body = table.tBodies[0];
    const down = heading.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    for (const other of heading.parentElement.cells) other.setAttribute("aria-sort", "none");
    heading.setAttribute("aria-sort", down < 0 ? "descending" : "ascending");
    const rank = (row) => row.cells[heading.cellIndex].dataset.rank;
    const compare = (a, b) => (a === undefined) - (b === undefined) || down * (a - b) || 0;
    body.append(...[...body.rows].sort((a, b) => compare(rank(a), rank(b))));
  });
}

/* Long tables show the rows that hold every word of a text, or those that a number is made of. */
const LONG = 15, choosers = new Map();
const made = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
const chooser = (table) => {
  if (choosers.has(table)) return choosers.get(table);
  const rows = [...table.tBodies[0].rows], box = table.closest(".scroll");
  const input = made("input", { type: "search", ariaLabel: `Rows of ${box.ariaLabel} that hold` });
  const said = made("span", { role: "status" }), every = made("button", { type: "button", textContent: "all rows", hidden: true });
  const show = (test) => {
    for (const row of rows) row.classList.toggle("out", !test(row));
    const left = rows.filter((row) => !row.classList.contains("out")).length;
    said.textContent = left < rows.length ? `${left} of ${rows.length} rows` : "";
    every.hidden = left === rows.length;
  };
  const words = () => input.value.toLowerCase().split(/\s+/).filter(Boolean);
  input.addEventListener("input", () => show((row) => words().every((word) => row.innerText.toLowerCase().includes(word))));
  every.addEventListener("click", () => { input.value = ""; show(() => true); });
  box.previousElementSibling.before(made("div", { className: "choose" }, made("label", {}, "Rows with ", input), said, every));
  choosers.set(table, show);
  return show;
};
for (const table of all("table")) if (table.tBodies[0].rows.length > LONG) chooser(table);

/* A number leads to the rows of the records that it is made of. */
const lead = (from) => {
  const [run, places] = from.split(":"), chosen = new Set();
  for (const part of places.split(",")) {
    const [first, last = first] = part.split("-").map(Number);
    for (let place = first; place <= last; place += 1) chosen.add(`r${run}-${place}`);
  }
  const target = document.getElementById([...chosen][0]), table = target.closest("table");
  for (let at = table; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  chooser(table)((row) => chosen.has(row.id));
  table.closest(".scroll").focus({ preventScroll: true });
  target.scrollIntoView({ block: "center" });
};
document.addEventListener("click", (event) => {
  const link = event.target.closest("a.from[data-from]");
  if (link) { event.preventDefault(); lead(link.dataset.from); }
});

/* Marks of figures say what they stand for, to the pointer and to the arrow keys; entries of a legend hide their series. */
const tip = made("div", { className: "tip", role: "status", hidden: true });
document.body.append(tip);
const hide = () => { tip.hidden = true; all(".spot.at").forEach((spot) => spot.classList.remove("at")); };
const tell = (spot) => {
  hide();
  spot.classList.add("at");
  tip.textContent = spot.dataset.words + (spot.dataset.from ? " (click or Enter: its records)" : "");
  tip.hidden = false;
  const at = spot.getBoundingClientRect(), box = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(4, Math.min(at.right + 6, innerWidth - box.width - 4))}px`;
  tip.style.top = `${at.top - box.height - 6 < 4 ? at.bottom + 6 : at.top - box.height - 6}px`;
};
for (const spot of all(".spot")) {
  const title = spot.firstElementChild;
  spot.dataset.words = title.textContent;
  title.remove();
  spot.addEventListener("pointerenter", () => tell(spot));
  spot.addEventListener("pointerleave", hide);
  spot.addEventListener("click", () => { tell(spot); if (spot.dataset.from && matchMedia("(hover: hover)").matches) { hide(); lead(spot.dataset.from); } });
}
for (const drawing of all(".drawing")) {
  const shown = () => all(".spot", drawing).filter((spot) => !spot.classList.contains("off"));
  if (shown().length) {
    drawing.tabIndex = 0;
    drawing.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const spots = shown(), now = spots.findIndex((spot) => spot.classList.contains("at"));
      if (event.target !== drawing) return;
      if (step && spots.length) { event.preventDefault(); tell(spots[(now + step + spots.length) % spots.length]); }
      else if (event.key === "Escape") hide();
      else if (event.key === "Enter" && now >= 0 && spots[now].dataset.from) { hide(); lead(spots[now].dataset.from); }
    });
    drawing.addEventListener("blur", hide);
  }
  for (const key of all(".key", drawing)) {
    Object.assign(key, { ariaPressed: "true", role: "button", tabIndex: 0 });
    const toggle = () => {
      const on = key.ariaPressed === "false";
      key.ariaPressed = String(on);
      for (const part of all(`[data-series="${key.dataset.key}"]`, drawing)) part.classList.toggle("off", !on);
    };
    key.addEventListener("click", toggle);
    key.addEventListener("keydown", (event) => { if (["Enter", " "].includes(event.key)) { event.preventDefault(); toggle(); } });
  }
}
addEventListener("scroll", () => all(".spot.at").slice(0, 1).forEach(tell), { passive: true });

addEventListener("beforeprint", () => all("details").forEach((more) => { more.open = true; }));
const watch = new ResizeObserver((entries) => {
  for (const { target } of entries) target.previousElementSibling.hidden = target.scrollWidth <= target.clientWidth;
});
for (const box of all(".scroll")) watch.observe(box);
