"use strict";
// Puts the page together: vis-network draws and moves the picture, the other scripts do what is around it.

const picture = byId("picture");
const isPhone = () => window.matchMedia("(max-width: 760px)").matches;
let pathStart = null; // the node whose other end of a path is being picked

const turned = picture.clientHeight > picture.clientWidth * 1.15; // a wide picture on its side, for a narrow screen
const stretch = [1, 1];
const toDrawn = ({ x, y }) => (turned ? { x: y * stretch[0], y: x * stretch[1] } : { x: x * stretch[0], y: y * stretch[1] });
const toLayout = ({ x, y }) => (turned ? { x: y / stretch[1], y: x / stretch[0] } : { x: x / stretch[0], y: y / stretch[1] });

untickBareTypes();
keepInitial();
if (location.hash.length > 1) readState(readAddress());
else if (GRAPH.focus.length) selected = { node: GRAPH.focus[0] };
updateSeen();
fillScreen();
// Marks and lines shrink with the whole picture; where there are not too many, they are kept to be seen at first.
const firstScale = Math.min(1, fitScale());
const crowded = seen.lines.size > 600;
for (const node of GRAPH.nodes) if (!crowded) node.size *= Math.min(1.5, Math.max(1, 4.5 / (9 * firstScale)));
for (const line of GRAPH.edges) {
  if (!crowded) line.width = Math.min(line.width / firstScale, line.width + 2);
  line.look = lookOf(line.id);
}
const dashesOf = (look) => (look.dashes.length ? look.dashes.map((length) => Math.round(length / firstScale)) : false);
const drawnLook = (line) => ({ id: line.id, color: { color: line.look.color }, dashes: dashesOf(line.look) });
// Names are painted by paint.js: vis-network itself gets none.
const allNodes = new vis.DataSet(GRAPH.nodes.map((node) => ({ ...node, label: undefined })));
const allLines = new vis.DataSet(GRAPH.edges.map((line) => ({ from: line.from, to: line.to, width: line.width, ...drawnLook(line) })));
const nodeView = new vis.DataView(allNodes, { filter: (node) => seen.nodes.has(node.id) });
const lineView = new vis.DataView(allLines, { filter: (line) => seen.lines.has(line.id) });
GRAPH.options.interaction.keyboard = { enabled: false }; // keys.js does more with them
const network = new vis.Network(picture, { nodes: nodeView, edges: lineView }, GRAPH.options);

/** Width and height that are free for marks; names need the rest. */
function roomFor(share = 1) {
  return [picture.clientWidth - (isPhone() ? 90 : 130), picture.clientHeight * share - 130];
}

/** Draw the picture out to the shape of the screen. */
function fillScreen() {
  const all = [...places, ...GRAPH.nodes];
  const move = () => all.forEach((place) => Object.assign(place, toDrawn(place)));
  move();
  const shown = seen.nodes.size ? seen.nodes : GRAPH.nodes.keys();
  const { width, height } = frameOf(shown);
  const [wide, high] = roomFor();
  const longer = (wide / high) / (width / height);
  if (!(longer > 0)) return;
  const [sx, sy] = longer > 1 ? [Math.min(longer, 1.7), 1] : [1, Math.min(1 / longer, 1.7)];
  for (const place of all) [place.x, place.y] = [place.x * sx, place.y * sy];
  [stretch[0], stretch[1]] = [sx, sy];
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
  const bar = byId("picking").offsetHeight; // what asks for the other end of a path lies over the upper edge
  const scale = fitScale() * (1 - bar / picture.clientHeight);
  network.moveTo({ position: { x, y }, scale, offset: { x: 0, y: bar ? bar / 2 : -20 }, animation: false });
  keepPlaceSoon();
}

/** Go to a node with all that it is joined to, or to a line or a path. */
function moveTo() {
  const { x, y, width, height } = frameOf(standOut().nodes);
  const [wide, high] = roomFor(isPhone() ? 0.44 : 1);
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  network.moveTo({
    position: { x, y },
    scale: Math.max(Math.min(wide / width, Math.max(60, high) / height, 1.2), selected.path ? 0.01 : network.getScale() / 2),
    offset: { x: 0, y: isPhone() ? -picture.clientHeight * 0.28 : 0 }, // above the panel that covers the lower part
    animation: still ? false : { duration: 350, easingFunction: "easeInOutQuad" },
  });
  keepPlaceSoon();
}

/** Take everything on the page to the present state. */
function refresh() {
  updateSeen();
  const changed = [];
  for (const id of seen.lines) {
    const look = lookOf(id);
    if (look === GRAPH.edges[id].look) continue;
    GRAPH.edges[id].look = look;
    changed.push(drawnLook(GRAPH.edges[id]));
  }
  if (changed.length) allLines.update(changed);
  lineView.refresh();
  nodeView.refresh();
  pointed = null;
  showLegend();
  showNote();
  showPanel();
  showPicking();
  network.redraw();
}

/** Do what changes the state of the page, show it, and make it a place to come back to unless it is passing by. */
function change(act, { passing = false } = {}) {
  act();
  refresh();
  if (!passing) keepState();
}

function select(spot, move = false) {
  if (pathStart !== null && spot.node === pathStart) return;
  if (pathStart !== null && spot.node !== undefined) spot = { path: [pathStart, spot.node] };
  pathStart = null;
  openLegend(false);
  change(() => { selected = spot; });
  if (move || spot.path) moveTo();
}

function unselect() {
  change(() => { selected = null; });
}

// -- opening and folding

/** Show all neighbours of a node, whatever the legend hides. */
function unfold(id) {
  change(() => { folded.delete(id); opened.add(id); });
}

/** Hide what hangs on a node alone. */
function fold(id) {
  change(() => { opened.delete(id); folded.add(id); });
}

/** Open, then fold, then leave to the legend again. */
function turnOver(id) {
  if (folded.has(id)) change(() => folded.delete(id));
  else if (countUnseen(id)) unfold(id);
  else fold(id);
}

// -- picking the other end of a path

function startPicking(id) {
  pathStart = id;
  showPicking();
  byId("search").value = "";
  if (isPhone()) fit(); // the panel gives way, and all of the picture is there to choose from
  else byId("search").focus();
  network.redraw();
}

function stopPicking() {
  pathStart = null;
  showPicking();
  network.redraw();
}

function giveUpPicking() {
  stopPicking();
  if (isPhone() && selected) moveTo(); // out of the way of the panel, which is back
}

function showPicking() {
  document.body.classList.toggle("picking", pathStart !== null);
  byId("picking").hidden = pathStart === null;
  byId("picking-text").textContent = pathStart === null ? "" : say("path.pick", NAMES[pathStart].slice(0, 40));
}

network.on("afterDrawing", (context) => paint(context, viewOf(context.canvas), reserved(context.canvas)));
network.on("click", (event) => {
  const touch = event.event && event.event.pointerType === "touch";
  const spot = findAt(network, event.pointer.DOM, touch ? 22 : 9);
  if (spot && touch) letSecondTapThrough();
  if (spot) select(spot);
  else if (selected && pathStart === null) unselect();
});
/** On a phone the panel may come up under the finger: for a moment taps go through it, so that two are a double one. */
function letSecondTapThrough() {
  byId("panel").classList.add("coming");
  setTimeout(() => byId("panel").classList.remove("coming"), 400);
}

network.on("doubleClick", (event) => {
  const spot = findAt(network, event.pointer.DOM, 22);
  if (spot && spot.node !== undefined && pathStart === null) turnOver(spot.node);
});
network.on("dragging", (event) => {
  for (const [id, place] of Object.entries(network.getPositions(event.nodes))) Object.assign(places[id], place);
});
network.on("dragEnd", (event) => { if (event.nodes.length) keepPositions(event.nodes); });
for (const moved of ["dragEnd", "zoom", "animationFinished"]) network.on(moved, keepPlaceSoon);
picture.addEventListener("pointermove", (event) => {
  if (event.buttons || event.pointerType !== "mouse") return;
  const frame = picture.getBoundingClientRect();
  const spot = findAt(network, { x: event.clientX - frame.left, y: event.clientY - frame.top }, 9);
  picture.classList.toggle("pointing", Boolean(spot));
});

function zoom(factor) {
  network.moveTo({ scale: Math.min(8, Math.max(0.01, network.getScale() * factor)) });
  keepPlaceSoon();
}
byId("zoom-in").addEventListener("click", () => zoom(1.35));
byId("zoom-out").addEventListener("click", () => zoom(1 / 1.35));
byId("zoom-fit").addEventListener("click", fit);
byId("close").addEventListener("click", unselect);
byId("picking-cancel").addEventListener("click", giveUpPicking);
byId("language").addEventListener("click", () => {
  language = 1 - language;
  sayEverything();
  keepState();
});

function sayEverything() {
  sayAll();
  showMoving();
  byId("language").lang = language ? "zh-CN" : "en";
  const frame = picture.querySelector(".vis-network");
  frame.setAttribute("role", "application");
  frame.setAttribute("aria-label", say("picture.help"));
  refresh();
}

startSearch();
startLegend();
startTaking();
startPhysics();
startDragging(picture.querySelector("canvas"));
startKeys(picture.querySelector(".vis-network"));
sayEverything();
startHistory();
const placed = location.hash.length > 1 && readPlace(readAddress());
if (!placed) fit();
if (!placed && selected && isPhone()) moveTo();
keepPlace();
network.once("afterDrawing", () => { picture.dataset.firstPicture = String(Math.round(performance.now())); });
network.redraw();
