// What the parts of the page that draw have in common: elements, widths of text, labels that never overlap.

const NS = "http://www.w3.org/2000/svg";

/** Returns an SVG element with attributes and children; a child that is no element becomes text. */
export function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Returns an HTML element with attributes and children. */
export function html(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const pen = document.createElement("canvas").getContext("2d");

/** Returns the width of a text in pixels as an element would show it at a size and weight. */
export function textWidth(text, element, size, weight = 400) {
  pen.font = `${weight} ${size}px ${getComputedStyle(element).fontFamily}`;
  return pen.measureText(text).width;
}

/**
 * Gives labels a lane each, so that none overlaps another; the important ones first, and what fits nowhere gets none.
 *
 * labels: [{x: centre, width, rank: the least is the most important}], within 0 and `width`. Returns in the same order
 * {lane, x} or null; lane 0 is nearest to the line.
 */
export function inLanes(labels, width, lanes, gap = 8) {
  const taken = Array.from({ length: lanes }, () => []);
  const placed = labels.map(() => null);
  const order = labels.map((_, place) => place).sort((a, b) => labels[a].rank - labels[b].rank || a - b);
  for (const place of order) {
    const { x, width: wide } = labels[place];
    const left = Math.max(0, Math.min(x - wide / 2, width - wide));
    const free = (spans) => spans.every(([from, until]) => left + wide + gap <= from || until + gap <= left);
    const lane = wide <= width ? taken.findIndex(free) : -1;
    if (lane >= 0) {
      taken[lane].push([left, left + wide]);
      placed[place] = { lane, x: left };
    }
  }
  return placed;
}

/** Returns round numbers from 0 that divide `until` into some `count` parts. */
export function ticks(until, count) {
  const rough = until / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 3, 5, 10].map((each) => each * power).find((each) => each >= rough) || power;
  const whole = Math.max(1, step);
  return Array.from({ length: Math.floor(until / whole) + 1 }, (_, place) => place * whole);
}

/** Whether whoever reads has asked for less motion. */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * An element that draws plain data, given as the property or the JSON attribute `data`, into the width it has.
 *
 * `draw` is called with the data when they change and when the width does. An element that is moved in the document
 * goes on as it is: it draws again only where its width differs.
 */
export class Drawn extends HTMLElement {
  static observedAttributes = ["data"];
  #data = null;
  #width = 0;
  #fresh = false; // whether the data have not been drawn yet
  #watch = null;

  constructor() {
    super();
    this.attachShadow({ mode: "open" });
  }

  get data() {
    return this.#data;
  }

  set data(given) {
    const same = JSON.stringify(given) === JSON.stringify(this.#data);
    this.#data = given;
    this.#fresh ||= !same;
    this.#again();
  }

  attributeChangedCallback(_, before, text) {
    if (text !== null && text !== before) this.data = JSON.parse(text);
  }

  connectedCallback() {
    if (Object.hasOwn(this, "data")) { // given before the element was defined
      const given = this.data;
      delete this.data;
      this.data = given;
    }
    this.#watch ??= new ResizeObserver(() => this.#again());
    this.#watch.observe(this);
    document.fonts?.ready.then(() => this.#width && this.draw(this.#data, false)); // texts have another width now
    this.#again();
  }

  disconnectedCallback() {
    this.#watch?.disconnect();
  }

  #again() {
    const width = this.clientWidth, changed = this.#fresh;
    if (!this.isConnected || !this.#data || width === 0 || (!changed && width === this.#width)) return;
    this.#width = width;
    this.#fresh = false;
    this.draw(this.#data, changed);
  }
}
