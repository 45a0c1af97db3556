"use strict";
// Puts the page together: vis-network draws and moves the picture, the other scripts do what is around it.

const picture = byId("picture");
const isPhone = () => window.matchMedia("(max-width: 760px)").matches;
const trail = []; // former selections, for the way back

untickBareTypes();
if (GRAPH.focus.length) selected = { node: GRAPH.focus[0] };
updateSeen();
fillScreen();
// Marks and lines shrink with the whole picture; where there are not too many, they are kept to be seen at first.
const firstScale = Math.min(1, fitScale());
const crowded = seen.lines.size > 600;
for (const node of GRAPH.nodes) if (!crowded) node.size *= Math.min(1.5, Math.max(1, 4.5 / (9 * firstScale)));
for (const line of GRAPH.edges) if (!crowded) line.width = Math.min(line.width / firstScale, line.width + 2);
const dashesOf = (line) => (line.dashes ? line.dashes.map((length) => Math.round(length / firstScale)) : false);
// Names are painted by paint.js: vis-network itself gets none.
const allNodes = new vis.DataSet(GRAPH.nodes.map((node) => ({ ...node, label: undefined })));
const allLines = new vis.DataSet(
  GRAPH.edges.map((line) => ({ ...line, color: { color: line.color }, dashes: dashesOf(line) })),
);
const nodeView = new vis.DataView(allNodes, { filter: (node) => seen.nodes.has(node.id) });
const lineView = new vis.DataView(allLines, { filter: (line) => seen.lines.has(line.id) });
const network = new vis.Network(picture, { nodes: nodeView, edges: lineView }, GRAPH.options);

/** Width and height that are free for marks; names need the rest. */
function roomFor(share = 1) {
  return [picture.clientWidth - (isPhone() ? 90 : 130), picture.clientHeight * share - 130];
}

/** Turn a wide picture on its side for a narrow screen, and draw it out to the shape of the screen. */
function fillScreen() {
  if (!seen.nodes.size) return;
  const all = [...places, ...GRAPH.nodes];
  if (picture.clientHeight > picture.clientWidth * 1.15) for (const place of all) [place.x, place.y] = [place.y, place.x];
  const { width, height } = frameOf(seen.nodes);
  const [wide, high] = roomFor();
  const longer = (wide / high) / (width / height);
  for (const place of all) {
    if (longer > 1) place.x *= Math.min(longer, 1.7);
    else place.y *= Math.min(1 / longer, 1.7);
  }
}

function frameOf(ids) {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const id of ids) {
    const { x, y } = places[id];
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
  }
  return { x: (left + right) / 2, y: (top + bottom) / 2, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}

function fitScale() {
  if (!seen.nodes.size) return 1;
  const { width, height } = frameOf(seen.nodes);
  const [wide, high] = roomFor();
  return Math.max(0.01, Math.min(wide / width, high / height, 1.4));
}

/** Show all that is seen, as large as it fits. */
function fit() {
  if (!seen.nodes.size) return;
  const { x, y } = frameOf(seen.nodes);
  network.moveTo({ position: { x, y }, scale: fitScale(), offset: { x: 0, y: -20 }, animation: false });
}

/** Go to a node with all that it is joined to, or to a line. */
function moveTo(spot) {
  const lines = spot.node === undefined ? [spot.line] : linesOfNode[spot.node].filter((id) => seen.lines.has(id));
  const ids = new Set(lines.flatMap((id) => [GRAPH.edges[id].from, GRAPH.edges[id].to]));
  if (spot.node !== undefined) ids.add(spot.node);
  const { x, y, width, height } = frameOf(ids);
  const [wide, high] = roomFor(isPhone() ? 0.44 : 1);
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  network.moveTo({
    position: { x, y },
    scale: Math.max(Math.min(wide / width, Math.max(60, high) / height, 1.2), network.getScale() / 2),
    offset: { x: 0, y: isPhone() ? -picture.clientHeight * 0.28 : 0 }, // above the panel that covers the lower part
    animation: still ? false : { duration: 350, easingFunction: "easeInOutQuad" },
  });
}

/** Take everything on the page to the present state. */
function refresh() {
  updateSeen();
  lineView.refresh();
  nodeView.refresh();
  showLegend();
  showNote();
  showPanel();
  network.redraw();
}

function select(spot, move = false) {
  if (selected && (selected.node !== spot.node || selected.line !== spot.line)) trail.push(selected);
  openLegend(false);
  selected = spot;
  refresh();
  if (move) moveTo(spot);
}

/** On a phone the legend lies over the picture; elsewhere it is always there. */
function openLegend(open) {
  byId("legend").classList.toggle("open", open);
  byId("legend-button").setAttribute("aria-expanded", String(open));
}

function unselect() {
  selected = null;
  trail.length = 0;
  refresh();
}

network.on("afterDrawing", (context) => paint(network, context));
network.on("click", (event) => {
  const touch = event.event && event.event.pointerType === "touch";
  const spot = findAt(network, event.pointer.DOM, touch ? 22 : 9);
  if (spot) select(spot);
  else if (selected) unselect();
});
network.on("dragging", (event) => {
  for (const [id, place] of Object.entries(network.getPositions(event.nodes))) Object.assign(places[id], place);
});
picture.addEventListener("pointermove", (event) => {
  if (event.buttons || event.pointerType !== "mouse") return;
  const frame = picture.getBoundingClientRect();
  const spot = findAt(network, { x: event.clientX - frame.left, y: event.clientY - frame.top }, 9);
  picture.classList.toggle("pointing", Boolean(spot));
});

const zoom = (factor) => network.moveTo({ scale: Math.min(8, Math.max(0.02, network.getScale() * factor)) });
byId("zoom-in").addEventListener("click", () => zoom(1.35));
byId("zoom-out").addEventListener("click", () => zoom(1 / 1.35));
byId("zoom-fit").addEventListener("click", fit);
byId("close").addEventListener("click", unselect);
byId("back").addEventListener("click", () => {
  selected = trail.pop();
  refresh();
  moveTo(selected);
});
byId("lonely").addEventListener("change", (event) => { hidden.lonely = !event.target.checked; refresh(); });
byId("legend-button").addEventListener("click", () => openLegend(!byId("legend").classList.contains("open")));
byId("language").addEventListener("click", () => {
  language = 1 - language;
  sayEverything();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target !== byId("search") && selected) unselect();
});

function sayEverything() {
  sayAll();
  byId("language").lang = language ? "zh-CN" : "en";
  const frame = picture.querySelector(".vis-network");
  frame.setAttribute("role", "application");
  frame.setAttribute("aria-label", say("picture.help"));
  refresh();
}

startSearch();
sayEverything();
fit();
if (selected && isPhone()) moveTo(selected);
network.once("afterDrawing", () => { picture.dataset.firstPicture = String(Math.round(performance.now())); });
network.redraw();
