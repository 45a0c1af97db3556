"use strict";
// The legend: what the marks and lines mean, how many there are, and boxes and a slider that hide them.

const sayKey = {
  type: sayType,
  predicate: sayPredicate,
  mode: (mode) => (mode ? sayMode(mode) : say("legend.nomode")),
  year: (year) => (year ? say("fact.year.report", year) : say("legend.noyear")),
};
const markOf = {
  type: (type) => makeMark(styleOf(type)),
  predicate: (predicate) => makeLine(withModes.has(predicate) ? { ...lineOf(predicate), dashes: [] } : lineOf(predicate)),
  mode: (mode) => makeLine(mode ? modeLook(mode) : GRAPH.otherLine),
  year: () => null,
};

function makeSwitch(kind, key, shown, total) {
  const box = make("input", { type: "checkbox", "data-key": `${kind} ${key}` });
  box.checked = !hidden[kind].has(key);
  box.addEventListener("change", () => change(() => switchOne(kind, key, box.checked)));
  return make("li", {}, make("label", { class: "row" }, box, markOf[kind](key), make("span", {}, sayKey[kind](key)),
    make("span", { class: "count" }, shown === total ? String(total) : `${shown}/${total}`)));
}

function showLegend() {
  const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.key : null;
  const isSeen = (entry) => (typeof entry === "number" ? seen.nodes.has(entry)
    : factIsOn(entry) && (entry.line === undefined || seen.lines.has(entry.line)));
  for (const [kind, keys] of Object.entries(SWITCHES)) {
    const section = document.querySelector(`[data-kind="${kind}"]`);
    section.hidden = !keys.size || ((kind === "mode" || kind === "year") && keys.size === 1 && keys.has(UNSAID));
    section.querySelector("ul").replaceChildren(...[...keys].map(([key, entries]) =>
      makeSwitch(kind, key, entries.filter(isSeen).length, entries.length)));
    section.querySelector(".all").textContent = say(hidden[kind].size ? "legend.all" : "legend.none");
  }
  showSlider();
  const lonely = linesOfNode.filter((lines) => !lines.length).length;
  byId("lonely-row").hidden = !lonely;
  byId("lonely").checked = !hidden.lonely;
  byId("lonely-count").textContent = String(lonely);
  // The boxes were made anew: whoever works by keyboard must not lose the place.
  if (focused) for (const box of document.querySelectorAll("#legend input")) if (box.dataset.key === focused) box.focus();
}

// -- the slider: the same boxes of the years, set from one to another

const datedYears = [...YEARS.keys()].filter(Boolean);

function showSlider() {
  byId("slider").hidden = datedYears.length < 2;
  const on = datedYears.filter((year) => !hidden.year.has(year));
  if (!on.length) return;
  for (const [id, year] of [["year-from", on[0]], ["year-to", on.at(-1)]]) {
    byId(id).max = String(datedYears.length - 1);
    byId(id).value = String(datedYears.indexOf(year));
    byId(id).setAttribute("aria-valuetext", year);
    byId(`${id}-text`).textContent = year;
  }
}

function slide(moved) {
  let [from, to] = ["year-from", "year-to"].map((id) => Number(byId(id).value));
  if (from > to) [from, to] = moved === "year-from" ? [from, from] : [to, to];
  datedYears.forEach((year, at) => switchOne("year", year, at >= from && at <= to));
}

function startLegend() {
  for (const id of ["year-from", "year-to"]) {
    // Each step is shown, but only where the handle is let go is a place to come back to.
    byId(id).addEventListener("input", () => change(() => slide(id), { passing: true }));
    byId(id).addEventListener("change", () => change(() => slide(id)));
  }
  for (const section of document.querySelectorAll("[data-kind]")) {
    const kind = section.dataset.kind;
    section.querySelector(".all").addEventListener("click", () => change(() => {
      const on = hidden[kind].size > 0;
      for (const key of SWITCHES[kind].keys()) switchOne(kind, key, on);
    }));
  }
  byId("lonely").addEventListener("change", (event) => change(() => { hidden.lonely = !event.target.checked; }));
  byId("reset").addEventListener("click", () => change(() => { resetSwitches(); goHome(); }));
  byId("legend-button").addEventListener("click", () => openLegend(!byId("legend").classList.contains("open")));
}

/** On a phone the legend lies over the picture; elsewhere it is always there. */
function openLegend(open) {
  byId("legend").classList.toggle("open", open);
  byId("legend-button").setAttribute("aria-expanded", String(open));
}

function showNote() {
  const parts = [];
  if (!GRAPH.nodes.length) parts.push(say("note.empty"));
  else if (!seen.nodes.size) parts.push(say("note.hidden"));
  else parts.push(say("note.counts", seen.nodes.size, seen.lines.size));
  if (GRAPH.focus.length) parts.push(say("note.focus", NAMES[GRAPH.focus[0]].slice(0, 40), GRAPH.view.steps ?? 2));
  if (GRAPH.leftOut) parts.push(say("note.left", GRAPH.nodes.length, GRAPH.leftOut));
  byId("note").textContent = parts.join(language ? ". " : "。");
}
