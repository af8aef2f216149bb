// <whistle-ruler>: a share of a hundred before and after, and how it differs in other worlds, on one scale.
//
// data = {
//   title, before, after (of 100; null where undefined), before_text, after_text, change_text ("14 more"),
//   better: 1 where more is better, -1 where less is,
//   estimate: whether `after` is one, estimate_text,
//   worlds: [difference by world, in hundredths; those still to come are left out], of: how many worlds in all,
//   words: the worlds told in words, luck: [low, high] of `after` by luck alone, or null, luck_text,
//   text: all of it for whoever does not see the picture
// }
// The sign of a difference decides the colour of its dot; the dots stand to the left and right of the value before, on
// the scale of the ruler. Where they would leave it they are moved together, and their zero with them.

import { Drawn, html, svg, textWidth } from "./drawing.js";

const HEIGHT = 144, LINE = 34, AFTER = 73, FLOOR = 124, MARGIN = 12;

const STYLE = `
:host { display: block; color: var(--ink); min-width: 0; }
.title { font-size: 16px; font-weight: 700; line-height: 1.4; margin: 0; min-height: 1.4em; }
.words { font-size: 16px; line-height: 1.5; margin: 4px 0 0; min-height: 1.5em; }
.luck { font-size: 14px; color: var(--quiet); margin: 0; }
svg { display: block; width: 100%; height: ${HEIGHT}px; overflow: visible; }
text { font-size: 14px; fill: var(--quiet); }
.grid { stroke: var(--line); }
.line { stroke: var(--quiet); }
.number { font-weight: 700; font-variant-numeric: tabular-nums; }
.before { fill: var(--before); } text.before { fill: var(--quiet); font-size: 15px; } text .number.of { font-size: 20px; }
.after { fill: var(--package); stroke: var(--package); } text.after { stroke: none; font-size: 15px; }
text.after .number { font-size: 28px; }
.worse { fill: var(--worse); stroke: var(--worse); } text.worse { fill: var(--worse); stroke: none; }
.arrow { stroke: var(--package); stroke-width: 4; } .arrow.worse { stroke: var(--worse); }
.estimate { fill: var(--ground, #fff); stroke-width: 3; } .arrow.estimate { stroke-dasharray: 5 4; }
.zero { stroke: var(--before); stroke-width: 2; }
.leader { stroke: var(--before); stroke-dasharray: 2 3; }
.better { fill: var(--package); } .lower { fill: var(--worse); } .even { fill: var(--before); }
.coming { fill: none; stroke: var(--quiet); }
.by-luck { stroke: var(--ink); stroke-width: 2; }
@media (forced-colors: active) {
  text, text.before, text.after, text.worse { fill: CanvasText; }
  .grid, .line, .zero, .leader, .coming, .by-luck { stroke: CanvasText; }
  .before, .even { fill: GrayText; stroke: CanvasText; }
  .after, .arrow { stroke: Highlight; } circle.after, path.after, .better { fill: Highlight; }
  .worse, .arrow.worse { stroke: CanvasText; } circle.worse, path.worse { fill: CanvasText; }
  .lower { fill: Canvas; stroke: CanvasText; stroke-width: 2; }
}`;

class Ruler extends Drawn {
  #title = html("p", { class: "title" });
  #words = html("p", { class: "words" });
  #luck = html("p", { class: "luck" });
  #picture = svg("svg", { role: "img" });

  constructor() {
    super();
    this.shadowRoot.append(html("style", {}, STYLE), this.#title, this.#picture, this.#words, this.#luck);
  }

  draw(data) {
    this.#title.textContent = data.title;
    this.#words.textContent = data.words || "";
    this.#luck.textContent = (data.luck && data.luck_text) || "";
    this.#luck.hidden = !this.#luck.textContent;
    this.#picture.setAttribute("aria-label", data.text);
    const width = this.clientWidth;
    const x = (value) => MARGIN + (value / 100) * (width - 2 * MARGIN);
    this.#picture.replaceChildren(...scale(x), ...change(data, x, width, this), ...dots(data, x, width));
  }
}

function scale(x) {
  const made = [svg("line", { class: "line", x1: x(0), x2: x(100), y1: LINE, y2: LINE })];
  for (let value = 0; value <= 100; value += 20) {
    made.push(svg("line", { class: "grid", x1: x(value), x2: x(value), y1: LINE - 5, y2: FLOOR }));
    made.push(svg("text", { x: x(value), y: HEIGHT - 4, "text-anchor": "middle" }, String(value)));
  }
  return made;
}

function change(data, x, width, element) {
  const { before, after } = data;
  if (before === null) return [];
  const start = svg("circle", { class: "before", cx: x(before), cy: LINE, r: 8 });
  const label = [[data.before_text, 15, 400], [shown(before), 20, 700]];
  const named = text("before", label, x(before), 18, width, element);
  if (after === null) return [start, named];
  const estimate = data.estimate ? " estimate" : "";
  const worse = shown(after) !== shown(before) && (after - before) * data.better < 0 ? " worse" : "";
  const end = svg("circle", { class: `after${worse}${estimate}`, cx: x(after), cy: LINE, r: 10 });
  const told = [data.estimate ? data.estimate_text : data.after_text, data.change_text].filter(Boolean).join(" · ");
  const answer = text(`after${worse}`, [[shown(after), 28, 700], [told, 15, 400]], x(after), AFTER, width, element);
  return [...arrow(x(before), x(after), worse, estimate), start, end, ...luck(data, x), named, answer];
}

const shown = (value) => (value > 0 && value < 1 ? "<1" : String(Math.round(value)));

function arrow(from, until, worse, estimate) {
  const way = Math.sign(until - from);
  if (Math.abs(until - from) < 24) return [];
  const tip = until - way * 11;
  const head = svg("path", { class: `after${worse}`, d: `M${tip - way * 11} ${LINE - 7}l${way * 11} 7l${-way * 11} 7z` });
  return [svg("line", { class: `arrow${worse}${estimate}`, x1: from, x2: tip - way * 8, y1: LINE, y2: LINE }), head];
}

function luck(data, x) {
  if (!data.luck) return [];
  const [low, high] = data.luck.map((each) => x(Math.max(0, Math.min(100, each))));
  const y = LINE + 15;
  return [svg("path", { class: "by-luck", fill: "none", d: `M${low} ${y - 4}v8M${low} ${y}H${high}M${high} ${y - 4}v8` })];
}

/** A text of words and numbers around a place, pushed inside where it would leave the picture. */
function text(kind, parts, x, y, width, element) {
  const wide = parts.reduce((sum, [words, size, weight]) => sum + textWidth(words, element, size, weight), 6);
  const left = Math.max(0, Math.min(x - anchor(parts, element), width - wide));
  const made = svg("text", { class: kind, x: left, y });
  parts.forEach(([words, size, weight], place) => {
    const numeric = weight > 400 ? { class: size < 28 ? "number of" : "number" } : {};
    made.append(svg("tspan", { ...numeric, ...(place ? { dx: 6 } : {}) }, words));
  });
  return made;
}

/** How far to the right of a label's beginning the middle of its number lies: that is what stands at the place. */
function anchor(parts, element) {
  let so_far = 0;
  for (const [words, size, weight] of parts) {
    const wide = textWidth(words, element, size, weight);
    if (weight > 400) return so_far + wide / 2;
    so_far += wide + 6;
  }
  return so_far / 2;
}

const LARGEST = 10, LEAST = 5, ROOM = FLOOR - AFTER - 8;

function dots(data, x, width) {
  const known = data.worlds.filter((each) => each !== null);
  const coming = Math.max(0, data.of - data.worlds.length);
  if (data.of === 0 || data.before === null) return [];
  const perPoint = (x(100) - x(0)) / 100;
  let size = LARGEST, stacks = stacked(known, perPoint, size);
  while (size > LEAST && tallest(stacks) * size > ROOM) stacks = stacked(known, perPoint, --size);
  const zero = zeroOf(known, data.before, perPoint, x, width, size);
  const made = [svg("line", { class: "zero", x1: zero, x2: zero, y1: AFTER + 8, y2: FLOOR })];
  if (Math.abs(zero - x(data.before)) > 1) {
    made.unshift(svg("line", { class: "leader", x1: x(data.before), x2: zero, y1: LINE + 8, y2: AFTER + 8 }));
  }
  for (const [place, values] of stacks) {
    values.forEach((value, height) => {
      const sign = Math.sign(value) * data.better;
      const kind = sign > 0 ? "better" : sign < 0 ? "lower" : "even";
      made.push(svg("circle", { class: kind, cx: zero + place * size, cy: FLOOR - (height + 0.5) * size, r: size / 2 - 0.5 }));
    });
  }
  return [...made, ...waiting(coming, zero, stacks, width, size)];
}

/** Differences by column of dots; none straddles zero, so that the side of a dot is its sign. */
function stacked(values, perPoint, size) {
  const columns = new Map();
  for (const value of [...values].sort((a, b) => a - b)) {
    const place = value === 0 ? 0 : Math.sign(value) * (Math.floor((Math.abs(value) * perPoint) / size) + 0.5);
    columns.set(place, [...(columns.get(place) || []), value]);
  }
  return columns;
}

const tallest = (columns) => Math.max(1, ...[...columns.values()].map((each) => each.length));

function zeroOf(values, before, perPoint, x, width, size) {
  const reach = [0, ...values].map((each) => each * perPoint);
  const low = size - Math.min(...reach), high = width - size - Math.max(...reach);
  return Math.max(low, Math.min(x(before), high));
}

/** Worlds that have not been simulated yet: hollow, in rows on the side with more room. */
function waiting(count, zero, columns, width, size) {
  const taken = [...columns.keys()].map((each) => zero + each * size);
  const left = Math.min(zero, ...taken), right = Math.max(zero, ...taken);
  const across = 10, after = width - right > left;
  return Array.from({ length: count }, (_, place) => {
    const step = (place % across) * size;
    const cx = after ? width - size - (across - 1) * size + step : size + step;
    return svg("circle", { class: "coming", cx, cy: FLOOR - (Math.floor(place / across) + 0.5) * size, r: size / 2 - 1 });
  });
}

customElements.define("whistle-ruler", Ruler);
