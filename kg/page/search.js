"use strict";
// Search as one types: a part of a name or of a short name.

const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
const searchTexts = GRAPH.entities.map((entity, id) => [NAMES[id], ...entity.aliases].map(fold));
let found = [];
let active = -1;

/** Ids whose names hold the text, the best first: the whole name, then its beginning, then any part. */
function findByName(text) {
  const wanted = fold(text);
  if (!wanted) return [];
  const hits = [];
  searchTexts.forEach((names, id) => {
    let best = Infinity;
    names.forEach((name, at) => {
      const where = name.indexOf(wanted);
      if (where >= 0) best = Math.min(best, (name === wanted ? 0 : where === 0 ? 2 : 4) + (at ? 1 : 0));
    });
    if (best < Infinity) hits.push([best, -linesOfNode[id].length, id]);
  });
  return hits.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]).map((hit) => hit[2]);
}

function showResults() {
  const input = byId("search"), list = byId("results");
  found = findByName(input.value).slice(0, 20);
  active = found.length ? 0 : -1;
  const options = found.map((id, at) => {
    const alias = GRAPH.entities[id].aliases.find((name) => fold(name).includes(fold(input.value)));
    const name = alias && !fold(NAMES[id]).includes(fold(input.value)) ? `${NAMES[id]} (${alias})` : NAMES[id];
    const option = make("li", { role: "option", id: `result-${at}`, "aria-selected": String(at === active) },
      makeMark(styleOf(typeOf(id))), make("span", {}, name), make("span", { class: "count" }, sayType(typeOf(id))));
    // Before the input loses the focus and the list closes.
    option.addEventListener("pointerdown", (event) => { event.preventDefault(); choose(at); });
    return option;
  });
  const text = input.value.trim();
  if (text && !options.length) options.push(make("li", { role: "option", "aria-disabled": "true" }, say("search.none", text)));
  list.replaceChildren(...options);
  list.hidden = !options.length;
  input.setAttribute("aria-expanded", String(!list.hidden));
  markActive();
}

function markActive() {
  [...byId("results").children].forEach((option, at) => {
    if (at < found.length) option.setAttribute("aria-selected", String(at === active));
    if (at === active) option.scrollIntoView({ block: "nearest" });
  });
  if (active >= 0) byId("search").setAttribute("aria-activedescendant", `result-${active}`);
  else byId("search").removeAttribute("aria-activedescendant");
}

function closeResults() {
  byId("results").hidden = true;
  byId("search").setAttribute("aria-expanded", "false");
  byId("search").removeAttribute("aria-activedescendant");
}

function choose(at) {
  if (found[at] === undefined) return;
  closeResults();
  if (isPhone()) byId("search").blur(); // so that the keyboard does not hide what was found
  select({ node: found[at] }, true);
}

function startSearch() {
  const input = byId("search");
  input.addEventListener("input", showResults);
  input.addEventListener("focus", () => { if (input.value) showResults(); });
  input.addEventListener("blur", closeResults);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // Enter ends a word of the Chinese input method first
    if (event.key === "Enter") choose(active);
    else if (event.key === "Escape") closeResults();
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && found.length) {
      event.preventDefault();
      active = (active + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
      markActive();
    }
  });
}
