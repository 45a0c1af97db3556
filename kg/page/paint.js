"use strict";
// Names, line texts and the selection, painted over vis-network's canvas in the size of the screen: a name is as
// large in the whole picture as from near, and is left out where it would cover another.

const FONT = 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';
const INK = "#1d2733";
const LEADING = 20; // names that may cover the marks of others
const places = GRAPH.nodes.map((node) => ({ x: node.x, y: node.y }));
let paintedNames = []; // [x0, y0, x1, y1, id]: a click on a name counts as one on its node
let paintedLines = []; // the same for texts of lines

// Measured once, in one size: to set a font and measure again for each name of each frame is slow.
const MEASURED = 20;
const widths = new Map(); // of texts in the bold font of that size
function textWidth(context, text, size) {
  let width = widths.get(text);
  if (width === undefined) {
    if (widths.size > 20000) widths.clear();
    const before = context.font;
    context.font = `bold ${MEASURED}px ${FONT}`; // the wider one: no name then stands too narrow
    width = context.measureText(text).width / MEASURED;
    context.font = before;
    widths.set(text, width);
  }
  return width * size;
}

/** A name in one or two rows, cut where it is longer. */
function nameRows(name) {
  const letters = Array.from(name);
  const wide = /[⺀-鿿]/.test(name) ? 10 : 18;
  if (letters.length <= wide) return [name];
  const middle = Math.min(wide, Math.ceil(letters.length / 2));
  const rest = letters.slice(middle);
  return [letters.slice(0, middle).join(""), rest.length <= wide ? rest.join("") : rest.slice(0, wide - 1).join("") + "…"];
}
const rowsOf = NAMES.map((name) => nameRows(name));

/** A record of the places that are taken, in cells so that a look-up does not grow with their number. */
function makeTaken() {
  const cells = new Map(), size = 64;
  const each = (box, visit) => {
    for (let x = Math.floor(box[0] / size); x <= Math.floor(box[2] / size); x += 1) {
      for (let y = Math.floor(box[1] / size); y <= Math.floor(box[3] / size); y += 1) {
        if (visit(x * 100003 + y)) return true;
      }
    }
    return false;
  };
  return {
    add: (box) => each(box, (key) => { cells.has(key) ? cells.get(key).push(box) : cells.set(key, [box]); }),
    free: (box) => !each(box, (key) => (cells.get(key) || []).some(
      (other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])),
  };
}

/** Where the buttons, the note and, on a phone, the panel lie over the canvas. */
function reserved(canvas) {
  const frame = canvas.getBoundingClientRect();
  return [".zoom", "#note", "#picking", ...(selected && isPhone() ? ["#panel"] : [])].map((name) => {
    const box = document.querySelector(name).getBoundingClientRect();
    return [box.left - frame.left - 4, box.top - frame.top - 4, box.right - frame.left + 4, box.bottom - frame.top + 4];
  });
}

/** What part of the picture a canvas shows, in pixels of the screen. */
function viewOf(canvas) {
  const { x, y } = network.getViewPosition();
  return { wide: canvas.clientWidth, high: canvas.clientHeight, ratio: canvas.width / canvas.clientWidth, scale: network.getScale(), x, y };
}

/** Paint names, texts and the selection over lines and marks; `covered` are boxes that no name may stand in. */
function paint(context, { wide, high, ratio, scale, x: left, y: top }, covered) {
  const onScreen = (id) => [(places[id].x - left) * scale + wide / 2, (places[id].y - top) * scale + high / 2];
  context.save();
  if (ratio) context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const near = selected && pathStart === null ? paintSelection(context, onScreen, scale, wide, high) : null;
  const inView = [];
  for (const id of near ? near.nodes : seen.nodes) {
    const [x, y] = onScreen(id);
    if (x > -60 && x < wide + 60 && y > -40 && y < high + 40) inView.push([id, x, y]);
  }
  inView.sort((a, b) => rank(b[0]) - rank(a[0]) || a[0] - b[0]);
  const taken = makeTaken(), marks = makeTaken();
  for (const box of covered) taken.add(box);
  for (const [at, [id, x, y]] of inView.entries()) {
    const r = Math.max(1.5, GRAPH.nodes[id].size * scale * 0.8);
    (at < LEADING ? taken : marks).add([x - r, y - r, x + r, y + r]);
  }
  for (const id of new Set([...GRAPH.focus, pathStart, pointed])) {
    if (seen.nodes.has(id)) paintRing(context, onScreen(id), GRAPH.nodes[id].size * scale, id === pointed);
  }
  for (const [id, count] of seen.away) paintAway(context, onScreen(id), GRAPH.nodes[id].size * scale, count);
  paintNames(context, inView.slice(0, 1500), { taken, marks }, scale, [wide, high]);
  paintLineTexts(context, near ? near.lines : seen.lines, { taken, marks }, onScreen, scale, [wide, high]);
  context.restore();
}

let standing = new Set(); // the nodes of the selection
function rank(id) {
  if (id === pointed || id === pathStart) return 2e9;
  if (selected && (selected.node === id || (selected.path && standing.has(id)))) return 1e9;
  return GRAPH.focus.includes(id) ? 1e8 : seen.degree[id];
}

/** The best connected first, each at the first free spot below, above or beside its mark. */
function paintNames(context, inView, { taken, marks }, scale, [wide, high]) {
  paintedNames = [];
  context.textAlign = "center";
  context.textBaseline = "top";
  context.lineJoin = "round";
  context.strokeStyle = "rgba(255, 255, 255, 0.92)";
  context.fillStyle = INK;
  for (const [at, [id, x, y]] of inView.entries()) {
    if (paintedNames.length >= 260) break;
    // In a crowd the leading names may cover small marks: without them one would not know where one is.
    const leads = rank(id) >= 1e8 || (at < LEADING && seen.degree[id] > 3);
    const rows = rowsOf[id];
    const size = Math.round(12 + Math.min(4, seen.degree[id] / 6));
    const width = Math.max(...rows.map((row) => textWidth(context, row, size))), height = rows.length * (size + 2);
    const r = GRAPH.nodes[id].size * scale + 3;
    const spots = [[x - width / 2, y + r], [x - width / 2, y - r - height], [x + r + 2, y - height / 2], [x - r - 2 - width, y - height / 2]];
    const fits = ([left, top], covers) => {
      const box = [left - 2, top, left + width + 2, top + height];
      return box[0] > 0 && box[1] > 0 && box[2] < wide && box[3] < high && taken.free(box) && (covers || marks.free(box));
    };
    const spot = spots.find((one) => fits(one, false)) || (leads && spots.find((one) => fits(one, true)))
      || (rank(id) >= 1e9 ? spots[0] : null);
    if (!spot) continue;
    const box = [spot[0] - 2, spot[1], spot[0] + width + 2, spot[1] + height, id];
    taken.add(box);
    paintedNames.push(box);
    context.font = `${rank(id) >= 1e8 ? "bold " : ""}${size}px ${FONT}`;
    context.lineWidth = leads ? 4 : 3;
    rows.forEach((row, line) => {
      const top = spot[1] + line * (size + 2);
      context.strokeText(row, spot[0] + width / 2, top);
      context.fillText(row, spot[0] + width / 2, top);
    });
  }
}

function paintLineTexts(context, lines, { taken, marks }, onScreen, scale, [wide, high]) {
  paintedLines = [];
  context.font = `11px ${FONT}`;
  context.fillStyle = "#45525f";
  context.lineWidth = 3;
  // In a picture of thousands these texts would say nothing but hide much.
  if (!selected && lines.size > 500 && scale < 0.45) return;
  let tried = 0;
  for (const id of lines) {
    if (paintedLines.length >= 160 || tried >= 3000) break;
    const [x0, y0] = onScreen(GRAPH.edges[id].from), [x1, y1] = onScreen(GRAPH.edges[id].to);
    const x = (x0 + x1) / 2, y = (y0 + y1) / 2;
    const length = Math.hypot(x1 - x0, y1 - y0);
    if (length < 60 || x < 0 || x > wide || y < 0 || y > high) continue;
    tried += 1;
    const text = lineText(id);
    const width = text ? textWidth(context, text, 11) : 0;
    // A text much longer than its line would seem to belong to others.
    if (!text || width > length * 1.1) continue;
    const box = [x - width / 2 - 2, y - 7, x + width / 2 + 2, y + 7, id];
    if (!taken.free(box) || !marks.free(box)) continue;
    taken.add(box);
    paintedLines.push(box);
    context.strokeText(text, x, y - 6);
    context.fillText(text, x, y - 6);
  }
}

/** Veil all, then paint the selection and its neighbours once more; return what stands out. */
function paintSelection(context, onScreen, scale, wide, high) {
  const { nodes, lines } = standOut();
  standing = nodes;
  context.fillStyle = "rgba(255, 255, 255, 0.78)";
  context.fillRect(0, 0, wide, high);
  for (const id of lines) {
    paintLine(context, id, onScreen, scale, selected.line === id || selected.path ? 2 : 0);
  }
  context.setLineDash([]);
  for (const id of nodes) {
    const r = Math.max(3, GRAPH.nodes[id].size * scale);
    paintMark(context, id, onScreen(id), r);
    if (selected.node === id || (selected.path && selected.path.includes(id))) paintRing(context, onScreen(id), r);
  }
  return { nodes, lines };
}

function paintLine(context, id, onScreen, scale, more = 0) {
  const { from, to, width, look } = GRAPH.edges[id];
  context.strokeStyle = look.color;
  context.lineWidth = Math.max(more ? 1.5 : 0.3, width * Math.min(1, scale)) + more;
  context.setLineDash(look.dashes);
  context.beginPath();
  context.moveTo(...onScreen(from));
  context.lineTo(...onScreen(to));
  context.stroke();
}

function paintMark(context, id, [x, y], r) {
  const style = styleOf(typeOf(id));
  traceShape(context, style.shape, x, y, r);
  context.fillStyle = style.color.background;
  context.fill();
  context.strokeStyle = style.color.border;
  context.lineWidth = 1.5;
  context.stroke();
}

function paintRing(context, [x, y], r, dashed = false) {
  context.beginPath();
  context.arc(x, y, r * 1.25 + 4, 0, 2 * Math.PI);
  context.strokeStyle = INK;
  context.lineWidth = 2.5;
  context.setLineDash(dashed ? [4, 3] : []);
  context.stroke();
  context.setLineDash([]);
}

/** How many are folded away behind a node. */
function paintAway(context, [x, y], r, count) {
  context.font = `bold 11px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "top";
  const text = `+${count}`, half = textWidth(context, text, 11) / 2 + 4, middle = [x + r + 4 + half * 0.5, y - r - 4];
  context.beginPath();
  context.arc(...middle, Math.max(9, half), 0, 2 * Math.PI);
  context.fillStyle = INK;
  context.fill();
  context.fillStyle = "#ffffff";
  context.fillText(text, middle[0], middle[1] - 6);
}

/** What lies at a point of the screen: {node}, {line} or null; `reach` is how far beside it one may point. */
function findAt(network, point, reach) {
  const inside = (box) => point.x >= box[0] && point.x <= box[2] && point.y >= box[1] && point.y <= box[3];
  const scale = network.getScale();
  const spots = new Map();
  const spot = (id) => {
    if (!spots.has(id)) spots.set(id, network.canvasToDOM(places[id]));
    return spots.get(id);
  };
  let best = null, least = Infinity;
  for (const id of seen.nodes) {
    const { x, y } = spot(id);
    const beyond = Math.hypot(x - point.x, y - point.y) - GRAPH.nodes[id].size * scale;
    if (beyond < reach / 2 && beyond < least) [best, least] = [{ node: id }, beyond];
  }
  if (best) return best;
  const name = paintedNames.find(inside);
  if (name) return { node: name[4] };
  const text = paintedLines.find(inside);
  if (text) return { line: text[4] };
  least = reach;
  for (const id of seen.lines) {
    const a = spot(GRAPH.edges[id].from), b = spot(GRAPH.edges[id].to);
    const squared = (b.x - a.x) ** 2 + (b.y - a.y) ** 2 || 1;
    const along = Math.max(0, Math.min(1, ((point.x - a.x) * (b.x - a.x) + (point.y - a.y) * (b.y - a.y)) / squared));
    const away = Math.hypot(a.x + along * (b.x - a.x) - point.x, a.y + along * (b.y - a.y) - point.y);
    if (away < least) [best, least] = [{ line: id }, away];
  }
  return best;
}
