"use strict";
// Charts are tables whose cells hold bars: read aloud, printed and copied as they are seen.

const BARS = 10; // of a chart at first
const opened = new Set(); // charts that show all their bars

/** A chart of rows {label, value, note, pick}; ``pick`` filters a table by the row. */
function makeChart(name, rows, about, heading = name) {
  const most = Math.max(1, ...rows.map((row) => row.value));
  const shown = opened.has(name) || rows.length <= BARS + 2 ? rows : rows.slice(0, BARS);
  const body = shown.map((row) => {
    const bar = make("span", { class: "bar", "aria-hidden": "true" });
    bar.style.width = `${row.value ? Math.max(0.8, (row.value / most) * 100) : 0}%`;
    const label = row.pick ? make("button", { type: "button", class: "pick", onclick: row.pick }, row.label) : row.label;
    const number = make("span", { class: "value" }, sayNumber(row.value), row.note ? make("span", { class: "soft" }, ` (${row.note})`) : null);
    return make("tr", {}, make("th", { scope: "row" }, label), make("td", {}, make("span", { class: "track" }, bar), number));
  });
  const title = make("h3", { id: `chart-${name}` }, say(`chart.${heading}`));
  const table = make("table", { class: "bars", "aria-labelledby": `chart-${name}` },
    make("colgroup", {}, make("col", { class: "labels" }), make("col", {})),
    make("thead", { class: "hidden" }, make("tr", {}, make("th", { scope: "col" }, say("chart.name")), make("th", { scope: "col" }, say("chart.count")))),
    make("tbody", {}, ...body));
  const more = rows.length > shown.length || opened.has(name)
    ? make("button", { type: "button", class: "more", id: `more-${name}`, "aria-expanded": String(opened.has(name)), onclick: () => {
        if (!opened.delete(name)) opened.add(name);
        redraw("charts", `more-${name}`);
      } }, opened.has(name) ? say("chart.less") : say("chart.more", rows.length - shown.length))
    : null;
  return make("div", { class: "chart" }, title, make("p", { class: "soft" }, ...about), rows.length ? table : make("p", {}, say("chart.none")), more);
}

/** White with a share of the bars' blue in it. */
const shade = (share) => `rgb(${[0, 114, 178].map((part) => Math.round(255 - (255 - part) * share)).join(", ")})`;

/** Modes by year: a table, the darker a cell the more pairs. */
function makeGrid() {
  const cells = new Map(START.charts.modesByYear.map(([mode, year, count]) => [`${mode} ${year}`, count]));
  const years = [...new Set(START.charts.modesByYear.map((row) => row[1]))].sort((a, b) => a - b).slice(-8);
  const modes = START.charts.modes.map(([mode]) => mode);
  const most = Math.max(1, ...cells.values());
  const rows = modes.map((mode) => make("tr", {}, make("th", { scope: "row" }, sayOf("modes", mode)), ...years.map((year) => {
    const count = cells.get(`${mode} ${year}`) ?? 0;
    const cell = make("td", {}, count ? sayNumber(count) : "·");
    if (count) cell.style.background = shade(0.06 + 0.4 * Math.sqrt(count / most));
    return cell;
  })));
  const head = make("tr", {}, make("th", { scope: "col" }, say("column.modes")), ...years.map((year) => make("th", { scope: "col" }, String(year))));
  return make("div", { class: "chart" }, make("h3", { id: "chart-modesByYear" }, say("chart.modesByYear")), make("p", { class: "soft" }, say("chart.modesByYear.about")),
    years.length ? make("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "chart-modesByYear" },
      make("table", { class: "heat" }, make("thead", {}, head), make("tbody", {}, ...rows))) : make("p", {}, say("chart.none")));
}

function drawCharts() {
  const { modes, years, partnerTypes, classes, regions, types, relations, silent } = START.charts;
  const about = (name) => [say(`chart.${name}.about`)];
  const modeRows = modes.map(([mode, value]) => ({ label: sayOf("modes", mode), value, pick: () => pickIn("partners", "mode", mode) }));
  if (silent) modeRows.push({ label: say("chart.modes.silent"), value: silent });
  const charts = [
    makeChart("modes", modeRows, about("modes")),
    makeChart("years", years.map(([year, value]) => ({ label: String(year), value, pick: () => pickIn("reports", "year", String(year)) })), about("years")),
    makeGrid(),
    makeChart("partnerTypes", partnerTypes.map(([type, value]) => ({ label: sayOf("types", type), value, pick: () => pickIn("partners", "type", type) })), about("partnerTypes")),
    makeChart("classes", classes.map(([, name, level, value, schools]) => ({
      label: level === "中职" ? name : `${name} · ${sayOf("page", `level.${level}`)}`, value, note: sayNumber(schools), pick: () => pickIn("programmes", "class", name),
    })), about("classes")),
    makeChart("regions", regions.rows.map(([code, name, value, schools]) => ({ label: name, value, note: sayNumber(schools), pick: () => pickPlace(code, name) })),
      [...about("regions"), ...(regions.unplaced ? [" ", say("chart.regions.unplaced", sayNumber(regions.unplaced))] : [])], `regions.${regions.level}`),
    makeChart("types", types.map(([type, value]) => ({ label: sayOf("types", type), value })), about("types")),
    makeChart("relations", relations.map(([relation, value]) => ({ label: sayOf("predicates", relation), value })), about("relations")),
  ];
  return makeSection("charts", make("p", { class: "soft" }, say("charts.hint")), make("div", { class: "charts" }, ...charts));
}
