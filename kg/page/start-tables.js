"use strict";
// The tables of the start page.

const years = (row, from) => (row[from] === null ? "" : row[from] === row[from + 1] ? String(row[from]) : `${row[from]}–${row[from + 1]}`);

// A place that is known by the name alone is labelled so.
const inferred = new Set(START.inferred);
const sayPlaceOf = (row, words) => (inferred.has(row[0]) ? say("place.inferred", row[words]) : row[words]);

// Columns: what a row shows, what it is sorted by, and whether it is a number. The first one names the row.
const TABLES = {
  schools: {
    names: (row) => row[1],
    columns: [
      { key: "school", link: 0, show: (row) => row[1] },
      { key: "place", show: (row) => sayPlaceOf(row, 3) },
      { key: "partners", number: true, show: (row) => row[4] },
      { key: "programmes", number: true, show: (row) => row[5] },
      { key: "statements", number: true, show: (row) => row[6] },
    ],
    picks: { place: (row) => row[2] },
  },
  partners: {
    names: (row) => row[1],
    columns: [
      { key: "partner", link: 0, show: (row) => row[1] },
      { key: "type", show: (row) => sayOf("types", row[2]) },
      { key: "place", show: (row) => sayPlaceOf(row, 4) },
      { key: "schools", number: true, show: (row) => row[5] },
      { key: "modes", wide: true, show: (row) => row[6].map((mode) => sayOf("modes", mode)).join(say("list")) },
      { key: "years", show: (row) => years(row, 7) },
    ],
    picks: { type: (row) => row[2], mode: (row) => row[6], place: (row) => row[3] },
    words: { type: "types", mode: "modes" },
  },
  programmes: {
    names: (row) => [row[1], ...row[6]].join("\n"),
    columns: [
      { key: "programme", link: 0, show: (row) => row[1] },
      { key: "class", show: (row) => row[3] },
      { key: "offered", number: true, show: (row) => row[4] },
      { key: "without", number: true, show: (row) => row[5] },
      { key: "names", wide: true, show: (row) => row[6].join(say("list")) + (row[5] > row[6].length ? ` ${say("names.more", row[5])}` : "") },
    ],
    picks: { class: (row) => row[3] },
  },
  reports: {
    names: (row) => [row[1], row[4], row[5]].join("\n"),
    columns: [
      { key: "report", link: SERVED ? 0 : undefined, show: (row) => row[1] },
      { key: "year", number: true, show: (row) => row[2] ?? "" },
      { key: "level", show: (row) => sayOf("levels", row[3]) },
      { key: "publisher", show: (row) => row[4] },
      { key: "region", show: (row) => row[5] },
      { key: "statements", number: true, show: (row) => row[6] },
    ],
    picks: { year: (row) => String(row[2] ?? ""), level: (row) => row[3] },
    words: { level: "levels" },
  },
};

/** Schools and partners of a place. */
function pickPlace(code, words) {
  for (const name of ["schools", "partners"]) Object.assign(STATES[name], { text: "", picked: {}, place: { code, name: words }, page: 1 });
  goToTable(chooseRows("schools").length ? "schools" : "partners");
}
