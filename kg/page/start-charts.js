"use strict";
// Charts, drawn by Vega as SVG. Each has its numbers as a table too, for keys, for readers and for copying.

const BARS = 10; // of a chart at first
const PLAIN = ["#0072b2", "#004c78"]; // fill and border where a colour tells nothing
const UNTOLD = ["#ffffff", "#4a5866"];
const CHARTS = new Map(); // those of the page by name, with the view that is drawn
const opened = new Set(); // charts that show all their bars
const unfolded = new Set(); // charts whose table is open

const lookOf = (table, key) => (Object.hasOwn(START.charts.looks[table], key) ? START.charts.looks[table][key] : UNTOLD);

/** A row of a chart: `value` is drawn, `note` is a second number beside it, `pick` filters a table by the row. */
function makeItem(label, value, { look = PLAIN, note = null, pick = null } = {}) {
  const number = sayNumber(value) + (note === null ? "" : ` (${sayNumber(note)})`);
  return { label, value, note, pick, number, fill: look[0], stroke: look[1], said: say("chart.said", label, number) };
}

const isLong = (chart) => chart.specify === specifyBars && chart.rows.length > BARS + 2;

/** Draw a chart anew, as wide as its place. */
function fillChart(chart) {
  const stage = byId(`picture-${chart.name}`);
  const rows = isLong(chart) && !opened.has(chart.name) ? chart.rows.slice(0, BARS) : chart.rows;
  chart.view?.finalize();
  // The page's policy forbids eval: expressions are read, not compiled.
  const made = vega.parse(chart.specify(chart, rows, stage.clientWidth), null, { ast: true });
  chart.view = new vega.View(made, { expr: vega.expressionInterpreter, renderer: "svg", container: stage, hover: true });
  chart.view.addEventListener("click", (_, item) => rows[item?.datum?.at ?? item?.datum?.value]?.pick?.());
  chart.view.runAsync().then(() => {
    // Vega's own words for the roles of its parts are English, whatever the page speaks.
    for (const element of [stage, ...stage.querySelectorAll("[aria-roledescription]")]) element.removeAttribute("aria-roledescription");
  });
}

const fillCharts = () => [...CHARTS.values()].filter((chart) => chart.rows.length).forEach(fillChart);

const makePick = ({ label, pick }) => (pick ? make("button", { type: "button", class: "pick", onclick: pick }, label) : label);
const makeHead = (words, at) => make("th", { scope: "col", class: at ? "number" : "" }, words);
const makeNumber = (value) => make("td", { class: "number" }, value);

/** The numbers of a chart: a row for each of its own. */
function makeList({ rows, columns }) {
  const body = rows.map((row) => make("tr", {}, make("th", { scope: "row" }, makePick(row)), makeNumber(sayNumber(row.value)),
    row.note === null ? null : makeNumber(sayNumber(row.note))));
  return [make("thead", {}, make("tr", {}, ...columns.map((key, at) => makeHead(say(key), at)))), make("tbody", {}, ...body)];
}

/** The numbers of stacked columns: modes down, years across. */
function makeGrid({ rows }) {
  const years = [...new Set(rows.map((row) => row.year))].sort((a, b) => a - b);
  const kinds = [...new Map(rows.map((row) => [row.label, row])).values()];
  const body = kinds.map((kind) => make("tr", {}, make("th", { scope: "row" }, makePick(kind)),
    ...years.map((year) => makeNumber(sayNumber(rows.find((row) => row.label === kind.label && row.year === year)?.value ?? 0)))));
  return [make("thead", {}, make("tr", {}, ...[say("column.modes"), ...years.map(String)].map(makeHead))), make("tbody", {}, ...body)];
}

function makeTableOf(chart) {
  const words = say(`chart.${chart.heading}`);
  const details = make("details", { id: `numbers-${chart.name}` },
    make("summary", {}, say("chart.table"), make("span", { class: "hidden" }, say("chart.table.of", words))),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("table.scroll", words) },
      make("table", { class: "numbers-table", "aria-label": words }, ...(chart.specify === specifyStacks ? makeGrid(chart) : makeList(chart)))));
  details.open = unfolded.has(chart.name);
  details.addEventListener("toggle", () => (details.open ? unfolded.add(chart.name) : unfolded.delete(chart.name)));
  return details;
}

function makeMore(chart) {
  if (!isLong(chart)) return null;
  const words = () => (opened.has(chart.name) ? say("chart.less") : say("chart.more", chart.rows.length - BARS));
  const button = make("button", { type: "button", class: "more", id: `more-${chart.name}`, "aria-expanded": String(opened.has(chart.name)), onclick: () => {
    if (!opened.delete(chart.name)) opened.add(chart.name);
    button.textContent = words();
    button.setAttribute("aria-expanded", String(opened.has(chart.name)));
    fillChart(chart);
  } }, words());
  return button;
}

function makeChart(chart) {
  const told = chart.rows.length ? [make("div", { class: "picture", id: `picture-${chart.name}` }), makeMore(chart), makeTableOf(chart)] : [make("p", {}, say("chart.none"))];
  return make("div", { class: "chart", id: `chart-${chart.name}` }, make("h3", {}, say(`chart.${chart.heading}`)), make("p", { class: "soft" }, chart.about.join(language ? " " : "")), ...told);
}

function listModes() {
  const rows = START.charts.modes.map(([mode, value]) => makeItem(sayOf("modes", mode), value, { look: lookOf("modes", mode), pick: () => pickIn("partners", "mode", mode) }));
  return START.charts.silent ? [...rows, makeItem(say("chart.modes.silent"), START.charts.silent, { look: UNTOLD })] : rows;
}

/** Modes by year in the order of the legend, so that those of one colour stand beside each other. */
function listModesByYear() {
  const order = Object.keys(START.charts.looks.modes);
  return [...START.charts.modesByYear].sort((a, b) => order.indexOf(a[0]) - order.indexOf(b[0]) || a[1] - b[1]).map(([mode, year, value]) => {
    const row = makeItem(sayOf("modes", mode), value, { look: lookOf("modes", mode), pick: () => pickIn("partners", "mode", mode) });
    return { ...row, year, said: `${year} ${row.said}` };
  });
}

const listTypes = (types, pick) => types.map(([type, value]) => makeItem(sayOf("types", type), value, { look: lookOf("types", type), pick: pick && (() => pick(type)) }));

function listCharts() {
  const { years, partnerTypes, classes, regions, types, relations } = START.charts;
  const unplaced = regions.unplaced ? [say("chart.regions.unplaced", sayNumber(regions.unplaced))] : [];
  const wordClass = (name, level) => (level === "中职" ? name : `${name} · ${say(`level.${level}`)}`);
  const charts = [
    { name: "modes", rows: listModes() },
    { name: "years", specify: specifyColumns, rows: years.map(([year, value]) => makeItem(String(year), value, { pick: () => pickIn("reports", "year", String(year)) })) },
    { name: "modesByYear", specify: specifyStacks, rows: listModesByYear() },
    { name: "partnerTypes", rows: listTypes(partnerTypes, (type) => pickIn("partners", "type", type)) },
    { name: "classes", columns: ["chart.name", "number.pairs", "column.schools"],
      rows: classes.map(([, name, level, value, note]) => makeItem(wordClass(name, level), value, { note, pick: () => pickIn("programmes", "class", name) })) },
    { name: "regions", heading: `regions.${regions.level}`, about: [say("chart.regions.about"), ...unplaced], columns: ["chart.name", "number.pairs", "column.schools"],
      rows: regions.rows.map(([code, name, value, note]) => makeItem(name, value, { note, pick: () => pickPlace(code, name) })) },
    { name: "types", rows: listTypes(types) },
    { name: "relations", rows: relations.map(([relation, value]) => makeItem(sayOf("predicates", relation), value)) },
  ];
  return charts.map((chart) => ({ heading: chart.name, specify: specifyBars, columns: ["chart.name", "chart.count"], about: [say(`chart.${chart.name}.about`)], ...chart }));
}

function drawCharts() {
  for (const chart of CHARTS.values()) chart.view?.finalize();
  CHARTS.clear();
  for (const chart of listCharts()) CHARTS.set(chart.name, chart);
  return makeSection("charts", make("p", { class: "soft" }, say("charts.hint")), make("div", { class: "charts" }, ...[...CHARTS.values()].map(makeChart)));
}
