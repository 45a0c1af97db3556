"use strict";
// Search as one types: a part of a name or of a short name, or pinyin initials of it.

const foldName = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
const searchTexts = GRAPH.entities.map((entity, id) => [NAMES[id], ...entity.aliases].map(foldName));
let found = [];
let active = -1;

/** How well the names of an entity fit the text: [rank, index of the name, whether by initials], the best, or null. */
function fitName(id, wanted) {
  let best = null;
  const look = (text, at, byLetters) => {
    const where = (text || "").indexOf(wanted);
    if (where < 0) return;
    const rank = (byLetters ? 6 : 0) + (text === wanted ? 0 : where === 0 ? 2 : 4) + (at ? 1 : 0);
    if (!best || rank < best[0]) best = [rank, at, byLetters];
  };
  searchTexts[id].forEach((name, at) => look(name, at, false));
  if (/^[a-z0-9]+$/.test(wanted)) (GRAPH.entities[id].letters || []).forEach((letters, at) => look(letters, at, true));
  return best;
}

/** Ids whose names fit the text, the best first: the whole name, then its beginning, any part, then initials. */
function findByName(text) {
  const wanted = foldName(text);
  if (!wanted) return [];
  const hits = [];
  for (const id of searchTexts.keys()) {
    const best = fitName(id, wanted);
    if (best) hits.push([best[0], -linesOfNode[id].length, id]);
  }
  return hits.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]).map((hit) => hit[2]);
}

/** The name by which an entity was found, with the part that fits marked. */
function makeFoundName(id, text) {
  const wanted = foldName(text);
  const [, at, byLetters] = fitName(id, wanted);
  const name = at ? GRAPH.entities[id].aliases[at - 1] : NAMES[id];
  // Only a name that folding leaves as long as it was can be marked letter by letter.
  const where = !byLetters && foldName(name).length === name.length ? foldName(name).indexOf(wanted) : -1;
  const parts = where < 0 ? [name]
    : [name.slice(0, where), make("mark", {}, name.slice(where, where + wanted.length)), name.slice(where + wanted.length)];
  return make("span", {}, ...(at ? [`${NAMES[id]} (`, ...parts, ")"] : parts));
}

function showResults() {
  const input = byId("search"), list = byId("results");
  found = findByName(input.value).slice(0, 20);
  active = found.length ? 0 : -1;
  const options = found.map((id, at) => {
    const option = make("li", { role: "option", id: `result-${at}`, "aria-selected": String(at === active) },
      makeMark(styleOf(typeOf(id))), makeFoundName(id, input.value), make("span", { class: "count" }, sayType(typeOf(id))));
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
    else if (event.key === "Escape" && !byId("results").hidden) {
      event.stopPropagation(); // the list goes first, then what lies behind it
      closeResults();
    }
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && found.length) {
      event.preventDefault();
      active = (active + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
      markActive();
    }
  });
}
