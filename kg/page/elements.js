"use strict";
// Small helpers for elements and shapes. Nothing here or elsewhere turns a string into markup: text only.

const byId = (id) => document.getElementById(id);

/** A new element; `children` are nodes, strings (put in as text) or null. */
function make(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (name === "class") element.className = value;
    else if (name === "onclick") element.addEventListener("click", value);
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Corners of vis-network's shapes around (0, 0) for a node of radius r; null for a circle. */
function shapeCorners(shape, r) {
  const turn = (count, start, radius) =>
    Array.from({ length: count }, (_, i) => {
      const angle = start + (i * 2 * Math.PI) / count;
      return [radius(i) * Math.cos(angle), radius(i) * Math.sin(angle)];
    });
  switch (shape) {
    case "square": return [[-r, -r], [r, -r], [r, r], [-r, r]];
    case "diamond": return [[0, r], [r, 0], [0, -r], [-r, 0]];
    case "hexagon": return turn(6, 0, () => r);
    case "star": return turn(10, -Math.PI / 2, (i) => (i % 2 ? 0.41 : 1.066) * r).map(([x, y]) => [x, y + 0.082 * r]);
    case "triangle":
    case "triangleDown": {
      const side = 1.15 * r, inner = side / Math.sqrt(3), outer = 2 * inner, shift = 0.275 * side;
      const up = [[0, shift - outer], [side, shift + inner], [-side, shift + inner]];
      return shape === "triangle" ? up : up.map(([x, y]) => [x, -y]);
    }
    default: return null;
  }
}

function traceShape(context, shape, x, y, r) {
  const corners = shapeCorners(shape, r);
  context.beginPath();
  if (corners) {
    corners.forEach(([dx, dy], i) => (i ? context.lineTo(x + dx, y + dy) : context.moveTo(x + dx, y + dy)));
    context.closePath();
  } else context.arc(x, y, r, 0, 2 * Math.PI);
}

const SVG = "http://www.w3.org/2000/svg";

function makeSvg(width, height, child, attributes) {
  const svg = document.createElementNS(SVG, "svg");
  const drawn = document.createElementNS(SVG, child);
  for (const [name, value] of Object.entries({ width, height, "aria-hidden": "true" })) svg.setAttribute(name, value);
  for (const [name, value] of Object.entries(attributes)) drawn.setAttribute(name, value);
  svg.append(drawn);
  return svg;
}

/** The mark of a type as it stands in the picture. */
function makeMark(style) {
  const look = { fill: style.color.background, stroke: style.color.border, "stroke-width": 1.5 };
  const corners = shapeCorners(style.shape, 6.5);
  if (!corners) return makeSvg(18, 18, "circle", { cx: 9, cy: 9, r: 6.5, ...look });
  return makeSvg(18, 18, "polygon", { points: corners.map(([x, y]) => `${x + 9},${y + 9}`).join(" "), ...look });
}

function makeLine(style) {
  const look = { stroke: style.color, "stroke-width": 2.5, "stroke-dasharray": style.dashes.join(" ") || "none" };
  return makeSvg(26, 18, "line", { x1: 0, y1: 9, x2: 26, y2: 9, ...look });
}
