"use strict";
// Moving a picture of thousands: what is painted is pushed along as it is, which takes no time however much it is, and is
// painted anew a few times a second. vis-network paints everything for each frame; it moves the smaller ones itself.

const REPAINT = 250; // milliseconds: what comes in at the edge is blank no longer than that

function startDragging(canvas) {
  if (GRAPH.options.interaction.dragView) return;
  let hand = null; // where the hand holds the picture: {x, y} on the screen, {view} when it took hold of it
  let painted = null; // where the hand was at the last order to paint
  let now = null;
  let due = 0;
  const push = (by) => { canvas.style.transform = by && (by.x || by.y) ? `translate(${by.x}px, ${by.y}px)` : ""; };
  const repaint = () => {
    clearTimeout(due);
    due = 0;
    painted = now;
    const scale = network.getScale();
    network.moveTo({ position: { x: hand.view.x - (now.x - hand.x) / scale, y: hand.view.y - (now.y - hand.y) / scale }, animation: false });
  };
  const letGo = () => {
    if (!hand) return;
    repaint();
    hand = null;
    keepPlaceSoon();
  };
  picture.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button !== 0) return letGo(); // two fingers zoom, and vis-network does that
    const frame = canvas.getBoundingClientRect();
    const node = network.getNodeAt({ x: event.clientX - frame.left, y: event.clientY - frame.top }) !== undefined;
    network.setOptions({ interaction: { hideEdgesOnDrag: node } }); // a node is moved by vis-network, all at each frame
    if (node) return;
    now = { x: event.clientX, y: event.clientY };
    hand = { ...now, view: network.getViewPosition() };
    painted = now;
  });
  window.addEventListener("pointermove", (event) => {
    if (!hand || !event.isPrimary) return;
    now = { x: event.clientX, y: event.clientY };
    push({ x: now.x - painted.x, y: now.y - painted.y });
    due ||= setTimeout(repaint, REPAINT);
  });
  for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, letGo);
  network.on("afterDrawing", () => push(hand && { x: now.x - painted.x, y: now.y - painted.y }));
}
