"use strict";
// The picture by keyboard: arrows point at one neighbour after another, Enter goes there.

let pointed = null; // the node that the arrows point at

/** What the arrows go through: the neighbours clockwise, the ends of a line or path, else the best connected. */
function pointable() {
  if (!selected) return [...seen.nodes].sort((a, b) => seen.degree[b] - seen.degree[a] || a - b);
  const around = standOut().nodes;
  if (selected.node === undefined) return [...around];
  const middle = places[selected.node];
  const angle = (id) => Math.atan2(places[id].y - middle.y, places[id].x - middle.x);
  return [...around].filter((id) => id !== selected.node).sort((a, b) => angle(a) - angle(b));
}

function pointOn(by) {
  const all = pointable();
  if (!all.length) return;
  const at = all.indexOf(pointed);
  pointed = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length];
  const line = selected && selected.node !== undefined
    ? linesOfNode[selected.node].find((id) => otherEnd(id, selected.node) === pointed && seen.lines.has(id)) : undefined;
  byId("said").textContent = [NAMES[pointed], sayType(typeOf(pointed)), line === undefined ? "" : lineText(line),
    say("panel.neighbours", seen.degree[pointed])].filter(Boolean).join(comma());
  const { x, y } = network.canvasToDOM(places[pointed]);
  const [wide, high] = [picture.clientWidth, picture.clientHeight];
  if (x < 20 || y < 20 || x > wide - 20 || y > high * (isPhone() && selected ? 0.44 : 1) - 20) {
    network.moveTo({ position: places[pointed], animation: false });
    keepPlaceSoon();
  }
  network.redraw();
}

function pan(x, y) {
  const { x: left, y: top } = network.getViewPosition();
  network.moveTo({ position: { x: left + (x * 80) / network.getScale(), y: top + (y * 80) / network.getScale() }, animation: false });
  keepPlaceSoon();
}

function startKeys(frame) {
  frame.tabIndex = 0;
  const arrows = { ArrowRight: [1, 0], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowUp: [0, -1] };
  const act = (key, shift) => {
    const target = pointed ?? (selected ? selected.node : undefined);
    if (Object.hasOwn(arrows, key)) return shift ? pan(...arrows[key]) : pointOn(arrows[key][0] + arrows[key][1]);
    if (key === "Enter" && pointed !== null) return select({ node: pointed }, true);
    if (key === "Enter" && selected) return byId("panel").focus();
    if (key === " " && target !== undefined) return turnOver(target);
    if ((key === "p" || key === "P") && target !== undefined) return startPicking(target);
    if (key === "+" || key === "=") return zoom(1.35);
    if (key === "-") return zoom(1 / 1.35);
    if (key === "0") return fit();
    return false;
  };
  frame.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return; // Alt and an arrow is the browser's way back
    if (act(event.key, event.shiftKey) !== false) event.preventDefault();
  });
  frame.addEventListener("blur", () => { if (pointed !== null) { pointed = null; network.redraw(); } });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input[type=search], input[readonly]");
    if (event.key === "/" && !typing) {
      event.preventDefault();
      byId("search").select();
    }
    if (event.key !== "Escape") return;
    if (!byId("taking").hidden) openTaking(false);
    else if (pathStart !== null) giveUpPicking();
    else if (byId("legend").classList.contains("open")) {
      openLegend(false);
      byId("legend-button").focus();
    } else if (!typing && selected) unselect();
  });
  for (const skip of document.querySelectorAll(".skip")) {
    skip.addEventListener("click", () => (skip.dataset.to === "picture" ? frame : byId(skip.dataset.to)).focus());
  }
}
