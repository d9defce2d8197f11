for (const button of document.querySelectorAll("thead button")) {
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
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((more) => { more.open = true; }));
const watch = new ResizeObserver((entries) => {
  for (const { target } of entries) target.previousElementSibling.hidden = target.scrollWidth <= target.clientWidth;
});
for (const box of document.querySelectorAll(".scroll")) watch.observe(box);
