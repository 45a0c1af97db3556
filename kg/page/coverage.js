"use strict";
// Matrices of schools and classes, programmes and modes, and the places of partners. Names stay as reports write them.

const COVERAGE = JSON.parse(byId("coverage-data").textContent);
const WORDS = JSON.parse(byId("words-data").textContent);
let language = COVERAGE.english ? 1 : 0; // the place of a language in each pair of words

/** A phrase with {0}, {1} … filled in. */
function say(key, ...values) {
  return WORDS.page[key][language].replace(/\{(\d)\}/g, (_, at) => String(values[at]));
}

const sayOf = (table, key) => (Object.hasOwn(WORDS[table], key) ? WORDS[table][key][language] : key);
const fold = (text) => text.normalize("NFKC").toLowerCase().trim();
const nameSchool = ([name, isRegion]) => (isRegion ? say("region", name) : name);
const filters = { classes: "", modes: "", places: "" };

// A field of a matrix: programmes with and without a partner, number of partners, facts and their number, offers and theirs.
const COVERED = 0, BARE = 1, PARTNERS = 2;

/** A field that shows programmes as 2/5, or how many partners there are; a click tells the facts. */
function makeField(field, row, column, counts) {
  if (!field) return make("td", {});
  const total = field[COVERED].length + field[BARE].length;
  if (counts || !total) {
    if (!field[PARTNERS]) return make("td", {}, make("span", { class: "plain" }, "0"));
    const label = say("cell.count", row, column, field[PARTNERS]);
    return make("td", {}, make("button", { type: "button", "aria-label": label, onclick: () => showField(row, column, field) }, String(field[PARTNERS])));
  }
  const kind = field[BARE].length === 0 ? "all" : field[COVERED].length ? "some" : "none";
  const label = say("cell.some", row, column, field[COVERED].length, total);
  return make("td", { class: kind }, make("button", { type: "button", "aria-label": label, onclick: () => showField(row, column, field) }, `${field[COVERED].length}/${total}`));
}

function makeHead(...names) {
  return make("thead", {}, make("tr", {}, ...names.map((name) => make("th", { scope: "col" }, name))));
}

/** A section with its heading, what it says, a filter, and a table that scrolls under its headings. */
function makePart(name, kind, head, rows, inAll, ...tools) {
  const body = make("tbody", {});
  const status = make("p", { class: "soft", role: "status" });
  const fill = () => {
    const text = fold(filters[name]);
    const shown = rows.filter(([words]) => !text || fold(words).includes(text));
    body.replaceChildren(...shown.map(([, makeRow]) => makeRow()));
    status.textContent = rows.length && !shown.length ? say("filter.none") : say("count", shown.length, rows.length);
  };
  const input = make("input", { type: "search", id: `filter-${name}`, maxlength: "100", autocomplete: "off", spellcheck: "false" });
  input.value = filters[name];
  input.addEventListener("input", () => { filters[name] = input.value; fill(); });
  fill();
  return make("section", { id: name, "aria-labelledby": `${name}-heading` },
    make("h2", { id: `${name}-heading` }, say(name)),
    make("p", { class: "soft" }, say(`${name}.about`)),
    inAll > rows.length ? make("p", { class: "note" }, say("cut", rows.length, inAll)) : null,
    ...(rows.length ? [
      make("div", { class: "tools" }, make("label", {}, say("filter"), input), ...tools, status),
      make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("scroll", say(name)) }, make("table", { class: kind }, head, body)),
    ] : [make("p", {}, say("empty"))]));
}

function drawClasses() {
  const names = COVERAGE.classes.map(([code, name]) => (code ? `${code} ${name}` : say(name)));
  const rows = COVERAGE.byClass.map(([school, whole, fields]) => {
    const name = nameSchool(school);
    return [name, () => make("tr", {}, make("th", { scope: "row" }, name), makeField(whole, name, say("column.all")), makeField(whole, name, say("column.partners"), true),
      ...fields.map((field, at) => makeField(field, name, names[at])))];
  });
  const legend = make("ul", { class: "legend", "aria-label": say("legend") }, ...["none", "some", "all"].map((kind) => make("li", { class: kind }, say(`legend.${kind}`))));
  return makePart("classes", "matrix", makeHead(say("column.school"), say("column.all"), say("column.partners"), ...names), rows, COVERAGE.inAll[0], legend);
}

function drawModes() {
  const names = COVERAGE.modes.map((mode) => (mode ? sayOf("modes", mode) : say("nomode")));
  const rows = COVERAGE.byMode.map(([programme, code, schools, whole, fields]) => {
    const name = programme || say("unnamed");
    return [`${name} ${code}`, () => make("tr", {}, make("th", { scope: "row" }, name, code ? make("span", { class: "basis" }, code) : null),
      make("td", {}, make("span", { class: "plain" }, programme ? String(schools) : "")), makeField(whole, name, say("column.partners"), true),
      ...fields.map((field, at) => makeField(field, name, names[at], true)))];
  });
  return makePart("modes", "matrix", makeHead(say("column.programme"), say("column.offering"), say("column.partners"), ...names), rows, COVERAGE.inAll[1]);
}

function makePlace(place, basis) {
  return make("td", {}, place, make("span", { class: "basis" }, say(`lies.${basis}`)));
}

function drawPlaces() {
  const rows = COVERAGE.pairs.map(([school, place, basis, partner, type, other, otherBasis, near, distance, facts, count]) =>
    [`${school} ${partner} ${place} ${other}`, () => make("tr", {}, make("th", { scope: "row" }, school), makePlace(place, basis),
      make("td", {}, partner, make("span", { class: "basis" }, sayOf("types", type))), makePlace(other, otherBasis), make("td", {}, say(`near.${near}`)),
      make("td", { class: "number" }, distance === null ? "" : String(distance)),
      make("td", { class: "number" }, make("button", { type: "button", class: "see", "aria-label": say("facts.see", school, partner, count), onclick: () => showPair(school, partner, facts, count) }, String(count))))]);
  const head = makeHead(...["school", "school.place", "partner", "partner.place", "near", "distance"].map((key) => say(`column.${key}`)), say("facts"));
  return makePart("places", "places", head, rows, COVERAGE.inAll[2]);
}
