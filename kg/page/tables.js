"use strict";
// Tables that sort and filter, a page at a time: those that TABLES describes, of the rows of START.tables.

const ROWS = 20; // of a page
const PRINTED = 200; // rows of each table on paper
const numeric = new Intl.Collator("zh-CN", { numeric: true });
const STATES = Object.fromEntries(Object.keys(TABLES).map((name) => [name, { text: "", picked: {}, place: null, sort: null, down: false, page: 1 }]));

/** The rows that fit the filters, in order. */
function chooseRows(name) {
  const { names, columns, picks } = TABLES[name];
  const state = STATES[name];
  const text = state.text.normalize("NFKC").toLowerCase().trim();
  const rows = START.tables[name].rows.filter((row) =>
    (!text || names(row).normalize("NFKC").toLowerCase().includes(text)) &&
    Object.entries(state.picked).every(([key, value]) => [].concat(picks[key](row)).includes(value)) &&
    (!state.place || liesIn(picks.place(row), state.place.code)));
  if (state.sort === null) return rows;
  const column = columns[state.sort];
  const order = (a, b) => (column.number ? (a || 0) - (b || 0) : (a === "") - (b === "") || numeric.compare(a, b));
  const turned = state.down ? (a, b) => (!column.number && (a === "") !== (b === "") ? (a === "") - (b === "") : order(b, a)) : order;
  return rows.map((row) => [column.show(row), row]).sort(([a], [b]) => turned(a, b)).map(([, row]) => row);
}

/** Codes of GB/T 2260 hold those above them: 130632 lies in 130600, and both in 130000. */
const liesIn = (code, above) => code !== "" && code.startsWith(above.replace(/0000$|00$/, ""));

function makeRow(columns, row) {
  const cells = columns.map((column, at) => {
    const shown = column.show(row);
    const kind = column.number ? "number" : column.wide ? "wide" : "";
    if (at) return make("td", { class: kind }, column.number && shown !== "" && column.key !== "year" ? sayNumber(shown) : String(shown));
    if (column.link === undefined) return make("th", { scope: "row" }, shown);
    const iri = row[column.link];
    const beside = SERVED && START.network && !iri.startsWith(`${BASE}report/`)
      ? make("a", { class: "beside", href: `/${picture(iri)}`, "aria-label": say("table.picture.of", shown) }, say("table.picture")) : null;
    return make("th", { scope: "row" }, make("a", { href: address(iri) }, shown), beside);
  });
  return make("tr", {}, ...cells);
}

/** What changes when a table is sorted, filtered or turned over: its rows, its count and its pager. */
function fillTable(name, printing = false) {
  const { columns } = TABLES[name];
  const state = STATES[name];
  const rows = chooseRows(name);
  const pages = Math.max(1, Math.ceil(rows.length / ROWS));
  state.page = Math.min(Math.max(1, state.page), pages);
  const shown = printing ? rows.slice(0, PRINTED) : rows.slice((state.page - 1) * ROWS, state.page * ROWS);
  const all = START.tables[name].rows.length;
  byId(`rows-${name}`).replaceChildren(...shown.map((row) => makeRow(columns, row)));
  byId(`table-${name}`).querySelectorAll("th[aria-sort]").forEach((head, at) => {
    head.setAttribute("aria-sort", state.sort !== at ? "none" : state.down ? "descending" : "ascending");
  });
  byId(`count-${name}`).textContent = rows.length === 0 && all ? say("table.none")
    : rows.length === all ? say("table.shown", sayNumber(all)) : say("table.filtered", sayNumber(all), sayNumber(rows.length));
  byId(`clear-${name}`).hidden = !state.text && !state.place && !Object.keys(state.picked).length;
  const turn = (step) => () => { state.page += step; fillTable(name); byId(`page-${name}`).focus(); };
  byId(`pager-${name}`).replaceChildren(...(pages > 1 ? [
    make("button", { type: "button", ...(state.page === 1 ? { disabled: "" } : {}), onclick: turn(-1) }, say("table.previous")),
    make("span", { id: `page-${name}`, tabindex: "-1" }, say("table.page", state.page, pages)),
    make("button", { type: "button", ...(state.page === pages ? { disabled: "" } : {}), onclick: turn(1) }, say("table.next")),
  ] : []));
}

/** A choice among the values that the rows have, the most frequent first. */
function makeChoice(name, key) {
  const { picks, words } = TABLES[name];
  const counts = new Map();
  for (const row of START.tables[name].rows) for (const value of [].concat(picks[key](row))) if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
  const options = [...counts].sort((a, b) => (key === "year" ? b[0] - a[0] : b[1] - a[1] || numeric.compare(a[0], b[0])));
  if (options.length < 2 && !STATES[name].picked[key]) return null;
  const select = make("select", { id: `${name}-${key}` }, make("option", { value: "" }, say("table.all")),
    ...options.map(([value, count]) => make("option", { value }, `${words?.[key] ? sayOf(words[key], value) : value} (${count})`)));
  const picked = STATES[name].picked[key];
  if (picked && !counts.has(picked)) select.append(make("option", { value: picked }, words?.[key] ? sayOf(words[key], picked) : picked));
  select.value = picked ?? "";
  select.addEventListener("change", () => {
    if (select.value) STATES[name].picked[key] = select.value;
    else delete STATES[name].picked[key];
    STATES[name].page = 1;
    fillTable(name);
  });
  return make("label", {}, say(key === "mode" ? "column.modes" : `column.${key}`), select);
}

function makeTable(name) {
  const { columns, picks } = TABLES[name];
  const state = STATES[name];
  const { total, rows } = START.tables[name];
  const search = make("input", { type: "search", id: `text-${name}`, maxlength: "100", autocomplete: "off", spellcheck: "false" });
  search.value = state.text;
  search.addEventListener("input", () => { state.text = search.value; state.page = 1; fillTable(name); });
  const place = state.place ? make("span", { class: "tag" }, `${say("column.place")} · ${state.place.name}`) : null;
  const clear = make("button", { type: "button", id: `clear-${name}`, onclick: () => {
    Object.assign(state, { text: "", picked: {}, place: null, page: 1 });
    redrawTables(`text-${name}`);
  } }, say("table.clear"));
  const heads = columns.map((column, at) => make("th", { scope: "col", "aria-sort": "none", class: column.number ? "number" : "" },
    make("button", { type: "button", onclick: () => {
      // Numbers are looked at from the largest down.
      if (state.sort === at) state.down = !state.down;
      else Object.assign(state, { sort: at, down: Boolean(column.number) });
      state.page = 1;
      fillTable(name);
    } }, say(`column.${column.key}`))));
  return make("section", { id: `table-${name}`, class: "table", "aria-labelledby": `table-${name}-heading`, tabindex: "-1" },
    make("h3", { id: `table-${name}-heading` }, say(`table.${name}`)),
    WORDS.page[`table.${name}.about`] ? make("p", { class: "soft" }, say(`table.${name}.about`)) : null,
    total > rows.length ? make("p", { class: "note" }, say("table.cut", sayNumber(rows.length), sayNumber(total))) : null,
    make("div", { class: "filters" }, make("label", {}, say("table.filter"), search), ...Object.keys(picks).filter((key) => key !== "place").map((key) => makeChoice(name, key)), place, clear,
      make("p", { id: `count-${name}`, role: "status" })),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("table.scroll", say(`table.${name}`)) },
      make("table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", { id: `rows-${name}` }))),
    make("div", { class: "pager", id: `pager-${name}` }));
}

function drawTables() {
  return makeSection("tables", ...Object.keys(TABLES).map(makeTable));
}

/** The tables anew; the focus goes to the element of this id, or stays out of them. */
function redrawTables(focus = "") {
  byId("tables").replaceWith(drawTables());
  fillTables();
  if (focus) byId(focus).focus({ preventScroll: true });
}

const fillTables = (printing = false) => Object.keys(TABLES).forEach((name) => fillTable(name, printing));

/** Show only the rows of a table that have this value, and go there. */
function pickIn(name, key, value) {
  Object.assign(STATES[name], { text: "", picked: { [key]: value }, place: null, page: 1 });
  goToTable(name);
}

function goToTable(name) {
  redrawTables();
  const table = byId(`table-${name}`);
  table.scrollIntoView();
  table.focus({ preventScroll: true });
}
