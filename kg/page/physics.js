"use strict";
// Movement on demand: nodes push each other apart and lines pull them together, until they rest or it is stopped.

const LONGEST = 20000; // milliseconds: a large picture may never come to rest
let homes = []; // where the page put them
let moving = 0; // the timer of the movement, 0 while nothing moves
let strayed = false; // whether anything is where the page did not put it

function keepPositions(ids) {
  const found = network.getPositions(ids);
  for (const id of ids) Object.assign(places[id], found[id]);
  allNodes.update(ids.map((id) => ({ id, ...found[id] }))); // else what is hidden and shown again would jump back
  strayed = true;
}

function startMoving() {
  const lengths = [...seen.lines].map((id) => {
    const { from, to } = GRAPH.edges[id];
    return Math.hypot(places[from].x - places[to].x, places[from].y - places[to].y);
  }).sort((a, b) => a - b);
  const springLength = lengths[Math.floor(lengths.length / 2)] || 100; // as the layout has them, so that little is torn apart
  network.setOptions({ physics: {
    enabled: true, stabilization: false, minVelocity: 0.75,
    barnesHut: { springLength, gravitationalConstant: -60 * springLength, avoidOverlap: 0.4 },
  } });
  moving = setTimeout(stopMoving, LONGEST);
  showMoving();
}

function stopMoving() {
  if (!moving) return;
  clearTimeout(moving);
  moving = 0;
  network.setOptions({ physics: { enabled: false } });
  keepPositions([...seen.nodes]);
  showMoving();
  network.redraw();
}

/** All nodes where the page put them. */
function goHome() {
  stopMoving();
  if (!strayed) return;
  strayed = false;
  homes.forEach((home, id) => Object.assign(places[id], home));
  allNodes.update(homes.map((home, id) => ({ id, ...home })));
}

function showMoving() {
  const button = byId("move");
  button.setAttribute("aria-pressed", String(Boolean(moving)));
  button.textContent = say(moving ? "move.stop" : "move");
}

function startPhysics() {
  homes = places.map((place) => ({ ...place }));
  byId("move").addEventListener("click", () => (moving ? stopMoving() : startMoving()));
  network.on("stabilized", stopMoving);
  network.on("beforeDrawing", () => {
    if (!moving) return;
    for (const [id, place] of Object.entries(network.getPositions())) Object.assign(places[id], place);
  });
}
