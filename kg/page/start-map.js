"use strict";
// The map: circles at the centres of places, lines between them, a graticule and the names of provinces. No tiles, no borders.

const MAP = { size: "pairs", zoom: 1, middle: null, chosen: -1 };
const [CODE, NAME, WORDED, LON, LAT, SCHOOLS, PARTNERS, PAIRS] = [0, 1, 2, 3, 4, 5, 6, 7];
const MOST_ZOOM = 60;
const sizeOf = (place) => (MAP.size === "schools" ? place[SCHOOLS] : place[PAIRS]);

/** The middle of all places and the degrees that hold them. */
function findExtent() {
  const range = (at) => [Math.min(...START.places.map((place) => place[at])), Math.max(...START.places.map((place) => place[at]))];
  const [west, east] = range(LON), [south, north] = range(LAT);
  return { lon: (west + east) / 2, lat: (south + north) / 2, wide: Math.max(east - west, 1.2), high: Math.max(north - south, 0.9) };
}

/** From degrees to pixels: equirectangular, true to scale at the middle of all places. */
function makeProjection(width, height) {
  const extent = findExtent();
  const narrow = Math.cos((extent.lat * Math.PI) / 180);
  const scale = Math.min((width - 110) / (extent.wide * narrow), (height - 130) / extent.high) * MAP.zoom;
  const [lon, lat] = MAP.middle ?? [extent.lon, extent.lat];
  return {
    to: (x, y) => [width / 2 + (x - lon) * narrow * scale, height / 2 - (y - lat) * scale],
    from: (x, y) => [lon + (x - width / 2) / (narrow * scale), lat - (y - height / 2) / scale],
  };
}

/** Lines of longitude and latitude at round degrees. */
function drawGraticule(projection, width, height) {
  const [west, north] = projection.from(0, 0), [east, south] = projection.from(width, height);
  const step = [0.1, 0.25, 0.5, 1, 2, 5, 10, 20].find((each) => (east - west) / each <= 8) ?? 20;
  const drawn = [];
  const word = (value, plus, minus) => `${Number(Math.abs(value).toFixed(2))}°${value < 0 ? minus : plus}`;
  for (let lon = Math.ceil(west / step) * step; lon <= east; lon += step) {
    const [x] = projection.to(lon, south);
    drawn.push(makeSvgElement("line", { x1: x, x2: x, y1: 0, y2: height, class: "grid" }), makeSvgElement("text", { x: x + 3, y: height - 5, class: "degree" }, word(lon, "E", "W")));
  }
  for (let lat = Math.ceil(south / step) * step; lat <= north; lat += step) {
    const [, y] = projection.to(west, lat);
    drawn.push(makeSvgElement("line", { x1: 0, x2: width, y1: y, y2: y, class: "grid" }), makeSvgElement("text", { x: 4, y: y - 3, class: "degree" }, word(lat, "N", "S")));
  }
  return drawn;
}

const sayPlace = (place) => say("map.place.said", place[WORDED], sayNumber(place[PAIRS]), sayNumber(place[SCHOOLS]), sayNumber(place[PARTNERS]));

function fillMap() {
  const stage = byId("map-stage");
  if (!stage) return;
  const width = stage.clientWidth, height = Math.round(Math.min(560, Math.max(320, width * 0.7)));
  const projection = makeProjection(width, height);
  const points = START.places.map((place) => projection.to(place[LON], place[LAT]));
  const inside = ([x, y], edge = 0) => x > -edge && x < width + edge && y > -edge && y < height + edge;
  const most = Math.max(1, ...START.places.map(sizeOf));
  const radii = START.places.map((place) => (sizeOf(place) ? 4 + 16 * Math.sqrt(sizeOf(place) / most) : 3));
  const boxes = []; // of names that are there already
  const write = (x, y, text, size, kind) => {
    const w = text.length * size, box = [x - w / 2, y - size, x + w / 2, y + 3];
    if (box[0] < 2 || box[2] > width - 2 || box[1] < 2 || box[3] > height - 2) return null;
    if (boxes.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) return null;
    boxes.push(box);
    return makeSvgElement("text", { x, y, class: kind }, text);
  };
  const heaviest = Math.max(1, ...START.flows.map((flow) => flow[2]));
  const lines = START.flows.filter(([a, b]) => inside(points[a]) || inside(points[b])).map(([a, b, count]) => {
    const on = MAP.chosen === a || MAP.chosen === b;
    const line = makeSvgElement("line", { x1: points[a][0], y1: points[a][1], x2: points[b][0], y2: points[b][1], class: on ? "flow on" : "flow", "stroke-width": (0.8 + 3.2 * Math.sqrt(count / heaviest)).toFixed(2) });
    const words = say("map.flow.said", START.places[a][WORDED], START.places[b][WORDED], sayNumber(count));
    line.append(makeSvgElement("title", {}, words));
    line.addEventListener("pointerenter", () => { byId("map-said").textContent = words; });
    return line;
  });
  // The small ones lie on top, where a pointer finds them.
  const order = START.places.map((_, at) => at).sort((a, b) => radii[b] - radii[a]).filter((at) => inside(points[at], 20));
  const circles = order.map((at) => {
    const [x, y] = points[at];
    const circle = makeSvgElement("circle", { cx: x, cy: y, r: radii[at].toFixed(1), class: at === MAP.chosen ? "place on" : "place", "data-code": START.places[at][CODE] });
    circle.append(makeSvgElement("title", {}, sayPlace(START.places[at])));
    circle.addEventListener("pointerenter", () => { byId("map-said").textContent = sayPlace(START.places[at]); });
    circle.addEventListener("click", () => { if (!MAP.dragged) choosePlace(at); });
    return circle;
  });
  const names = order.slice(0, 60).map((at) => write(points[at][0], points[at][1] + radii[at] + 13, START.places[at][NAME], 12.5, "name"));
  // Names of provinces stand where nothing else does.
  for (const at of order) {
    const [x, y] = points[at];
    boxes.push([x - radii[at], y - radii[at], x + radii[at], y + radii[at]]);
  }
  const provinces = START.provinces.map(([name, lon, lat]) => {
    const [x, y] = projection.to(lon, lat);
    return write(x, y + 5, name, 15.5, "province");
  });
  const svg = makeSvgElement("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": say("map.label") },
    ...drawGraticule(projection, width, height), ...provinces.filter(Boolean), ...lines, ...circles, ...names.filter(Boolean));
  stage.replaceChildren(svg);
  byId("map-said").textContent = MAP.chosen < 0 ? "" : sayPlace(START.places[MAP.chosen]);
  byId("map-out").disabled = MAP.zoom <= 0.25;
  byId("map-in").disabled = MAP.zoom >= MOST_ZOOM;
  for (const button of document.querySelectorAll("#map-places button")) button.setAttribute("aria-pressed", String(Number(button.dataset.at) === MAP.chosen));
  MAP.projection = projection;
}

/** Only what is at this place, in the tables; once more: all again. */
function choosePlace(at) {
  MAP.chosen = at;
  fillMap();
  pickPlace(START.places[at][CODE], START.places[at][NAME]);
}

function zoomMap(factor) {
  MAP.zoom = Math.min(MOST_ZOOM, Math.max(0.25, MAP.zoom * factor));
  fillMap();
}

/** Dragging with a mouse or pen; a finger scrolls the page, and the buttons are there for it. */
function letDrag(stage) {
  stage.addEventListener("pointerdown", (down) => {
    MAP.dragged = false;
    if (down.pointerType === "touch" || down.button) return;
    const [fromLon, fromLat] = MAP.projection.from(down.clientX, down.clientY);
    const { from } = MAP.projection;
    const [lon, lat] = MAP.middle ?? [findExtent().lon, findExtent().lat];
    const move = (event) => {
      if (Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < 4 && !MAP.dragged) return;
      MAP.dragged = true;
      const [toLon, toLat] = from(event.clientX, event.clientY);
      MAP.middle = [lon + fromLon - toLon, lat + fromLat - toLat];
      fillMap();
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", () => removeEventListener("pointermove", move), { once: true });
  });
}

function drawMap() {
  if (!START.places.length) return makeSection("map", make("p", {}, say("map.none")));
  const about = [say("map.about")];
  if (START.placeLevel === "prefecture") about.push(say("map.about.prefecture"));
  if (inferred.size) about.push(say("map.about.inferred", sayNumber(inferred.size)));
  if (START.flowsInAll > START.flows.length) about.push(say("map.about.flows", sayNumber(START.flows.length), sayNumber(START.flowsInAll)));
  const size = make("select", { id: "map-size" }, ...["pairs", "schools"].map((each) => make("option", { value: each }, say(`map.size.${each}`))));
  size.value = MAP.size;
  size.addEventListener("change", () => { MAP.size = size.value; fillMap(); });
  const button = (id, words, label, act) => make("button", { type: "button", id, "aria-label": label, onclick: act }, words);
  const stage = make("div", { id: "map-stage" });
  letDrag(stage);
  const rows = START.places.map((place, at) => make("tr", {},
    make("th", { scope: "row" }, make("button", { type: "button", class: "pick", "data-at": at, "aria-pressed": "false", onclick: () => choosePlace(at) }, place[WORDED])),
    make("td", { class: "number" }, sayNumber(place[PAIRS])), make("td", { class: "number" }, sayNumber(place[SCHOOLS])), make("td", { class: "number" }, sayNumber(place[PARTNERS]))));
  const heads = ["map.place", "number.pairs", "table.schools", "table.partners"].map((key, at) => make("th", { scope: "col", class: at ? "number" : "" }, say(key)));
  return makeSection("map", make("p", { class: "soft" }, about.join(" ")),
    make("div", { class: "map" },
      make("div", { class: "map-picture" }, stage, make("p", { id: "map-said", class: "soft" }),
        make("div", { class: "map-tools" }, make("label", {}, say("map.size"), size),
          button("map-in", "+", say("map.in"), () => zoomMap(1.6)), button("map-out", "−", say("map.out"), () => zoomMap(1 / 1.6)),
          button("map-fit", say("map.fit"), say("map.fit"), () => { Object.assign(MAP, { zoom: 1, middle: null }); fillMap(); }))),
      make("div", { class: "scroll map-list", tabindex: "0", role: "region", "aria-label": say("map.list") },
        make("table", { id: "map-places" }, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows)))));
}
