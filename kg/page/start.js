"use strict";
// What a page was given, its words, and what its parts share: the start page, the build report. Names stay as they are.

const START = JSON.parse(byId("start-data").textContent);
const WORDS = JSON.parse(byId("words-data").textContent);
const SERVED = START.served === true; // by kg serve, which has a page for every entity
let language = document.documentElement.lang === "en" ? 1 : 0; // the place of a language in each pair of words

/** A phrase with {0}, {1} … filled in. */
function say(key, ...values) {
  return WORDS.page[key][language].replace(/\{(\d)\}/g, (_, at) => String(values[at]));
}

const sayOf = (table, key) => (Object.hasOwn(WORDS[table], key) ? WORDS[table][key][language] : key);
const sayNumber = (value) => value.toLocaleString("en-US").replaceAll(",", "\u2009");

const BASE = "https://w3id.org/zhijiao-kg/id/";
const picture = (iri) => `network.html#node=${encodeURIComponent(iri)}`;

/** Where more is told of an entity: its page where there is a server, else its place in the network. */
const address = (iri) => (SERVED && iri.startsWith(BASE) ? `/id/${iri.slice(BASE.length)}` : picture(iri));

function makeSvgElement(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A section with its heading. */
function makeSection(id, ...children) {
  return make("section", { id, "aria-labelledby": `${id}-heading`, tabindex: "-1" }, make("h2", { id: `${id}-heading` }, say(id)), ...children);
}
