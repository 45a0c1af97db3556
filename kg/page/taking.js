"use strict";
// What one can take along: the present view as PNG or SVG, the facts that are seen as CSV, paper, and a link. All of it
// is made in the page.

const MARGIN = 16;
const TITLE_HIGH = 44;
const PNG_FINE = 2; // pixels of the file for one of the screen
// What spreadsheets take for the beginning of a formula; the full-width forms too.
const FORMULA = /^\s*[=+\-@＝＋－＠]/;
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

// -- a picture as SVG: as much of a canvas's context as paint.js uses, which writes elements instead of pixels

class SvgPainter {
  constructor(width, height) {
    this.root = this.add(null, "svg", { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FONT });
    this.parent = this.root;
    this.measure = document.createElement("canvas").getContext("2d");
    Object.assign(this, { fillStyle: INK, strokeStyle: INK, lineWidth: 1, textAlign: "left", textBaseline: "top", font: `12px ${FONT}` });
    this.kept = [];
    this.dashes = [];
    this.trace = [];
  }

  add(parent, name, attributes, text) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) if (key !== "xmlns") element.setAttribute(key, String(value));
    if (text !== undefined) element.textContent = text.replace(UNPRINTABLE, "");
    if (parent) parent.append(element);
    return element;
  }

  /** Draw into a part of the sheet that cuts off what lies outside. */
  inset([x, y, width, height], draw) {
    const outer = this.parent;
    this.parent = this.add(outer, "svg", { x, y, width, height, viewBox: `0 0 ${width} ${height}`, overflow: "hidden" });
    draw(this);
    this.parent = outer;
  }

  save() {
    const { fillStyle, strokeStyle, lineWidth, textAlign, textBaseline, font, dashes } = this;
    this.kept.push({ fillStyle, strokeStyle, lineWidth, textAlign, textBaseline, font, dashes });
  }

  restore() { Object.assign(this, this.kept.pop()); }
  setLineDash(dashes) { this.dashes = dashes; }
  beginPath() { this.trace = []; }
  moveTo(x, y) { this.trace.push(`M${round(x)} ${round(y)}`); }
  lineTo(x, y) { this.trace.push(`L${round(x)} ${round(y)}`); }
  closePath() { this.trace.push("Z"); }
  arc(x, y, r) { this.trace.push(`M${round(x - r)} ${round(y)}a${round(r)} ${round(r)} 0 1 0 ${round(2 * r)} 0a${round(r)} ${round(r)} 0 1 0 ${round(-2 * r)} 0Z`); }
  fill() { this.add(this.parent, "path", { d: this.trace.join(""), fill: this.fillStyle }); }
  stroke() { this.add(this.parent, "path", { d: this.trace.join(""), fill: "none", ...this.pen() }); }
  pen() {
    return { stroke: this.strokeStyle, "stroke-width": round(this.lineWidth), ...(this.dashes.length ? { "stroke-dasharray": this.dashes.join(" ") } : {}) };
  }

  fillRect(x, y, width, height) { this.add(this.parent, "rect", { x, y, width, height, fill: this.fillStyle }); }

  measureText(text) {
    this.measure.font = this.font;
    return this.measure.measureText(text);
  }

  // Not a second text with a wide stroke: whoever searches or copies would meet each name twice.
  strokeText(text, x, y) {
    const size = Number(/(\d+)px/.exec(this.font)[1]), width = this.measureText(text).width + 4;
    const left = this.textAlign === "center" ? x - width / 2 : x - 2;
    this.add(this.parent, "rect", { x: round(left), y: round(y - 1), width: round(width), height: size + 2, rx: 3, fill: "#ffffff", "fill-opacity": 0.85 });
  }

  fillText(text, x, y) { this.write(text, x, y, { fill: this.fillStyle }); }

  write(text, x, y, look) {
    const [, bold, size] = /^(bold )?(\d+)px/.exec(this.font);
    const anchor = this.textAlign === "center" ? { "text-anchor": "middle" } : {};
    const base = this.textBaseline === "top" ? y + size * 0.88 : y;
    this.add(this.parent, "text", { x: round(x), y: round(base), "font-size": size, ...(bold ? { "font-weight": "bold" } : {}), ...anchor, ...look }, text);
  }
}

const round = (value) => Math.round(value * 100) / 100;

function insetOfCanvas(context) {
  return ([x, y, width, height], draw) => {
    context.save();
    context.translate(x, y);
    context.beginPath();
    context.rect(0, 0, width, height);
    context.clip();
    draw(context);
    context.restore();
  };
}

/** What stands below the picture: the marks of the types and the lines of the modes that are seen. */
function listLegend() {
  const types = [...TYPES].filter(([, ids]) => ids.some((id) => seen.nodes.has(id))).map(([type]) => ({ style: styleOf(type), text: sayType(type) }));
  const looks = new Set([...seen.lines].map((id) => GRAPH.edges[id].look));
  const lines = [...[...MODES.keys()].filter(Boolean).map((mode) => [modeLook(mode), sayMode(mode)]),
    ...[...PREDICATES.keys()].map((predicate) => [lineOf(predicate), sayPredicate(predicate)])]
    .filter(([look]) => looks.has(look)).map(([look, text]) => ({ look, text }));
  return [...types, ...lines];
}

/** Break the legend into rows; each entry gets its place. */
function layLegend(context, wide) {
  context.font = `12px ${FONT}`;
  let x = MARGIN, y = 0;
  const entries = listLegend().map((entry) => {
    const width = context.measureText(entry.text).width + (entry.look ? 34 : 24) + 16;
    if (x + width > wide && x > MARGIN) [x, y] = [MARGIN, y + 22];
    const placed = { ...entry, x, y };
    x += width;
    return placed;
  });
  return { entries, high: entries.length ? y + 22 + MARGIN : 0 };
}

/** The present view with its title and legend on a white sheet. */
function paintSheet(context, inset, view, legend, [wide, high]) {
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, wide, high);
  inset([0, TITLE_HIGH, view.wide, view.high], (here) => {
    const onScreen = (id) => [(places[id].x - view.x) * view.scale + view.wide / 2, (places[id].y - view.y) * view.scale + view.high / 2];
    for (const id of seen.lines) paintLine(here, id, onScreen, view.scale);
    here.setLineDash([]);
    for (const id of seen.nodes) paintMark(here, id, onScreen(id), GRAPH.nodes[id].size * view.scale);
    paint(here, { ...view, ratio: 0 }, []);
  });
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillStyle = INK;
  context.font = `bold 18px ${FONT}`;
  context.fillText(fitText(context, document.title, wide - 2 * MARGIN), MARGIN, 12);
  const top = TITLE_HIGH + view.high + 10;
  for (const { style, look, text, x, y } of legend.entries) {
    if (style) {
      traceShape(context, style.shape, x + 8, top + y + 7, 6.5);
      context.fillStyle = style.color.background;
      context.fill();
      [context.strokeStyle, context.lineWidth] = [style.color.border, 1.5];
      context.stroke();
    } else {
      [context.strokeStyle, context.lineWidth] = [look.color, 2.5];
      context.setLineDash(look.dashes);
      context.beginPath();
      context.moveTo(x, top + y + 7);
      context.lineTo(x + 26, top + y + 7);
      context.stroke();
      context.setLineDash([]);
    }
    context.fillStyle = INK;
    context.font = `12px ${FONT}`;
    context.fillText(text, x + (look ? 32 : 22), top + y);
  }
}

function fitText(context, text, wide) {
  let shown = text;
  while (shown && context.measureText(shown + (shown === text ? "" : "…")).width > wide) shown = shown.slice(0, -1);
  return shown === text ? text : `${shown}…`;
}

function planSheet() {
  const view = viewOf(picture.querySelector("canvas"));
  const legend = layLegend(document.createElement("canvas").getContext("2d"), view.wide - MARGIN);
  return { view, legend, size: [view.wide, TITLE_HIGH + view.high + legend.high + (legend.high ? 0 : MARGIN)] };
}

function makeSvgSheet() {
  const { view, legend, size } = planSheet();
  const painter = new SvgPainter(...size);
  painter.add(painter.root, "title", {}, document.title);
  paintSheet(painter, (box, draw) => painter.inset(box, draw), view, legend, size);
  network.redraw(); // what was painted last says where a click finds names
  return painter.root;
}

function makePng() {
  const { view, legend, size } = planSheet();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = size.map((length) => Math.round(length * PNG_FINE));
  const context = canvas.getContext("2d");
  context.scale(PNG_FINE, PNG_FINE);
  paintSheet(context, insetOfCanvas(context), view, legend, size);
  network.redraw();
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

// -- the facts that are seen, as a table

const COLUMNS = [
  ["起点", (fact) => NAMES[fact.from]], ["起点类型", (fact) => pickChinese("types", typeOf(fact.from))],
  ["关系", (fact) => pickChinese("predicates", fact.predicate)],
  ["终点", (fact) => NAMES[fact.to]], ["终点类型", (fact) => pickChinese("types", typeOf(fact.to))],
  ["合作方式", (fact) => fact.modes], ["专业", (fact) => fact.programmes],
  ["年份", (fact) => fact.years.filter(Boolean)], ["人数", (fact) => fact.headcount], ["角色", (fact) => fact.role],
  ["状态", (fact) => fact.status], ["始于", (fact) => fact.since], ["称号", (fact) => fact.designation],
  ["共有的合作单位", (fact) => fact.shared],
  ["原文", (fact) => fact.evidence], ["章节", (fact) => fact.section], ["页码", (fact) => fact.page],
  ["表号", (fact) => fact.table], ["行号", (fact) => fact.row],
  ["报告", (fact) => reportOf(fact).title || fact.report], ["报告年度", (fact) => reportOf(fact).year],
  ["起点标识", (fact) => GRAPH.entities[fact.from].iri], ["终点标识", (fact) => GRAPH.entities[fact.to].iri],
  ["陈述", (fact) => fact.id],
];
const pickChinese = (table, key) => (Object.hasOwn(WORDS[table], key) ? WORDS[table][key][0] : key);

/** A value as a cell that spreadsheets read as text: an apostrophe before what looks like a formula. */
function makeCell(value) {
  const text = [value ?? []].flat().join("、").replace(UNPRINTABLE, "");
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A row for each fact on a line that is seen, and one for each node that is seen without a line. */
function makeCsv() {
  const facts = GRAPH.facts.filter((fact) => fact.line !== undefined && seen.lines.has(fact.line) && factsShown(fact.line).includes(fact));
  const rows = facts.map((fact) => COLUMNS.map(([, read]) => makeCell(read(fact))));
  for (const id of seen.nodes) {
    if (seen.degree[id]) continue;
    rows.push(COLUMNS.map(([head]) => makeCell({ 起点: NAMES[id], 起点类型: pickChinese("types", typeOf(id)), 起点标识: GRAPH.entities[id].iri }[head])));
  }
  // The mark at the beginning tells spreadsheets that this is UTF-8.
  return `\ufeff${[COLUMNS.map(([head]) => head), ...rows].map((row) => row.join(",")).join("\r\n")}\r\n`;
}

// -- files

/** A name for a file that every system takes: the page's title and what is selected. */
function fileName(ending) {
  const about = selected && selected.node !== undefined ? `${document.title} ${NAMES[selected.node]}` : document.title;
  const safe = Array.from(about.normalize("NFC").replace(UNPRINTABLE, "").replace(/[\\/:*?"<>|\s\p{C}]+/gu, "_")).slice(0, 60).join("")
    .replace(/^[._]+|[._]+$/g, "");
  return `${/^(con|prn|aux|nul|com\d|lpt\d)?$/i.test(safe) ? `network_${safe}` : safe}.${ending}`;
}

function save(blob, name) {
  const address = URL.createObjectURL(blob);
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
  openTaking(false);
  byId("said").textContent = say("taking.done", name);
}

async function copyLink() {
  const link = byId("link");
  let done = false;
  link.select();
  try {
    await navigator.clipboard.writeText(link.value);
    done = true;
  } catch {
    done = document.execCommand("copy"); // where the page has no right to the clipboard
  }
  if (done) byId("take-link").textContent = byId("said").textContent = say("taking.copied");
}

function openTaking(open) {
  if (open) {
    keepPlace();
    byId("link").value = location.href;
    byId("take-link").textContent = say("taking.copy");
  }
  const inside = byId("taking").contains(document.activeElement);
  byId("taking").hidden = !open;
  byId("taking-button").setAttribute("aria-expanded", String(open));
  if (inside && !open) byId("taking-button").focus();
}

function startTaking() {
  byId("taking-button").addEventListener("click", () => openTaking(byId("taking").hidden));
  document.addEventListener("pointerdown", (event) => {
    if (!byId("taking").hidden && !event.target.closest("#taking, #taking-button")) openTaking(false);
  });
  byId("take-png").addEventListener("click", async () => save(await makePng(), fileName("png")));
  byId("take-svg").addEventListener("click", () => save(
    new Blob([`<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(makeSvgSheet())}\n`], { type: "image/svg+xml" }),
    fileName("svg")));
  byId("take-csv").addEventListener("click", () => save(new Blob([makeCsv()], { type: "text/csv;charset=utf-8" }), fileName("csv")));
  byId("take-print").addEventListener("click", () => { openTaking(false); print(); });
  byId("take-link").addEventListener("click", copyLink);
  byId("link").addEventListener("focus", (event) => event.target.select());
  // On paper the picture is a drawing, sharp in any size, in place of the screen's pixels.
  window.addEventListener("beforeprint", () => byId("sheet").replaceChildren(makeSvgSheet()));
  window.addEventListener("afterprint", () => byId("sheet").replaceChildren());
}
