"use strict";
// What Vega is told to draw: bars across, columns by year, stacked columns. A row has a label, a value and its look.

const ACROSS = 26; // pixels of height for a bar
const UPRIGHT = 190; // pixels of height for columns
const FONT = 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';
const INK = "#1d2733", SOFT = "#4a5866", LINE = "#d5dbe1";
const labelSize = () => ({ labelFont: FONT, labelFontSize: 13, labelColor: INK });

/** What all charts have in common. `rows` become the data, each with its place. */
function specify(chart, rows, width, height, parts) {
  return {
    width, height, background: "transparent", padding: { left: 0, right: 1, top: 1, bottom: 1 },
    autosize: { type: "fit-x", contains: "padding" },
    description: say("chart.picture", say(`chart.${chart.heading}`)),
    data: [{ name: "rows", values: rows.map((row, at) => ({ ...row, at })), ...parts.data }],
    scales: parts.scales, axes: parts.axes, legends: parts.legends ?? [], marks: parts.marks,
  };
}

const markRects = (place) => ({
  type: "rect", from: { data: "rows" },
  encode: { update: {
    ...place, fill: { field: "fill" }, stroke: { field: "stroke" }, strokeWidth: { signal: "datum.value ? 1 : 0" },
    fillOpacity: { value: 1 }, description: { field: "said" }, tooltip: { field: "said" }, cursor: { signal: "datum.pick ? 'pointer' : 'default'" },
  }, hover: { fillOpacity: { value: 0.75 } } },
});

const markNumbers = (place) => ({
  type: "text", from: { data: "rows" }, aria: false, interactive: false,
  encode: { update: { ...place, text: { field: "number" }, font: { value: FONT }, fontSize: { value: 13 }, fill: { value: INK } } },
});

const roomFor = (rows) => 12 + 8 * Math.max(...rows.map((row) => row.number.length));

/** Bars that lie, their names on the left; a name without room is cut, and whole in the tooltip and for readers. */
function specifyBars(chart, rows, width) {
  const text = { signal: "data('rows')[datum.value].label" }, tooltip = { signal: "data('rows')[datum.value].said" };
  const cursor = { signal: "data('rows')[datum.value].pick ? 'pointer' : 'default'" };
  return specify(chart, rows, width, rows.length * ACROSS, {
    scales: [
      { name: "y", type: "band", domain: rows.map((_, at) => at), range: "height", padding: 0.26 },
      { name: "x", type: "linear", domain: [0, Math.max(1, ...rows.map((row) => row.value))], range: [0, { signal: `max(20, width - ${roomFor(rows)})` }] },
    ],
    axes: [{ scale: "y", orient: "left", domain: false, ticks: false, aria: false, labelPadding: 8, labelLimit: Math.round(width * 0.44), ...labelSize(),
      encode: { labels: { interactive: true, update: { text, tooltip, cursor } } } }],
    marks: [
      markRects({ y: { scale: "y", field: "at" }, height: { scale: "y", band: 1 }, x: { scale: "x", value: 0 }, x2: { scale: "x", field: "value" } }),
      markNumbers({ y: { scale: "y", field: "at", band: 0.5 }, x: { scale: "x", field: "value", offset: 6 }, baseline: { value: "middle" } }),
    ],
  });
}

const axisOfYears = () => ({ scale: "x", orient: "bottom", ticks: false, aria: false, labelPadding: 6, labelOverlap: "parity", domainColor: SOFT, ...labelSize() });
/** Years beside each other; a few stay as narrow as many. */
const scaleOfYears = (years, width) => ({ name: "x", type: "band", domain: years, range: "width", padding: Math.max(0.3, 1 - (years.length * 64) / width) });

const axisOfNumbers = () => ({
  scale: "y", orient: "left", grid: true, gridColor: LINE, domain: false, ticks: false, aria: false, tickCount: 4, tickMinStep: 1, labelPadding: 6, ...labelSize(),
});

/** A column for each year, with its number above it where there is room, else with an axis. */
function specifyColumns(chart, rows, width) {
  const roomy = rows.length * roomFor(rows) < width;
  return specify(chart, rows, width, UPRIGHT, {
    scales: [
      scaleOfYears(rows.map((row) => row.label), width),
      { name: "y", type: "linear", domain: [0, Math.max(1, ...rows.map((row) => row.value))], range: [{ signal: "height" }, 18] },
    ],
    axes: roomy ? [axisOfYears()] : [axisOfNumbers(), axisOfYears()],
    marks: [
      markRects({ x: { scale: "x", field: "label" }, width: { scale: "x", band: 1 }, y: { scale: "y", field: "value" }, y2: { scale: "y", value: 0 } }),
      ...(roomy ? [markNumbers({ x: { scale: "x", field: "label", band: 0.5 }, y: { scale: "y", field: "value", offset: -5 }, align: { value: "center" } })] : []),
    ],
  });
}

/** Columns of years, a piece for each mode; the legend has them in the same order. */
function specifyStacks(chart, rows, width) {
  const kinds = [...new Map(rows.map((row) => [row.label, row])).values()];
  const scale = (name) => ({ name, type: "ordinal", domain: kinds.map((row) => row.label), range: kinds.map((row) => row[name]) });
  const totals = new Map();
  for (const row of rows) totals.set(row.year, (totals.get(row.year) ?? 0) + row.value);
  return specify(chart, rows, width, UPRIGHT, {
    data: { transform: [{ type: "stack", groupby: ["year"], field: "value", sort: { field: "at" } }] },
    scales: [
      scaleOfYears([...totals.keys()].sort((a, b) => a - b), width),
      { name: "y", type: "linear", domain: [0, Math.max(1, ...totals.values())], range: "height", nice: 4 }, scale("fill"), scale("stroke"),
    ],
    axes: [axisOfNumbers(), axisOfYears()],
    legends: [{ fill: "fill", stroke: "stroke", orient: "bottom", aria: false, columns: Math.max(1, Math.floor(width / (language ? 165 : 115))),
      symbolType: "square", symbolStrokeWidth: 1, symbolSize: 130, labelLimit: language ? 135 : 92, columnPadding: 8, rowPadding: 5, offset: 12, ...labelSize() }],
    marks: [markRects({ x: { scale: "x", field: "year" }, width: { scale: "x", band: 1 }, y: { scale: "y", field: "y0" }, y2: { scale: "y", field: "y1" } })],
  });
}
