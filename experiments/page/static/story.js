// <whistle-story>: one case under two rules, told as two tracks that advance together over one time axis.
//
// data = {
//   before: TRACK, after: TRACK, days: length of the common axis, unit ("days"), replay ("Play again"),
//   text: all of it in a sentence for whoever does not see the picture,
// }
// TRACK = {
//   name, days (null where it was never closed), until: day of its last mark, end: what stands in place of the number
//   where it was never closed, note: what stands under it ("3 days of it work"), worse: whether it took longer,
//   marks: [{day, text ("": none), kind: "plain" | "whistle" | "back" | "end" | "open", rank: the least goes first}],
//   waits: [{from, until, text, work: whether somebody works on it}],
//   told: [sentence for each step, in order]
// }
// Marks and waits are drawn in full; of their words, those that would overlap others are left to the list of steps.

import { Drawn, calm, html, inLanes, svg, textWidth, ticks } from "./drawing.js";

const SECONDS = 12, NARROW = 700;
const FONT = 14, LANE = 19, MARGIN = 10;

const STYLE = `
:host { display: block; color: var(--ink); min-width: 0; }
.track { display: grid; grid-template: "name picture days" auto / 76px minmax(0, 1fr) 152px; gap: 0 12px; align-items: center; }
.name { grid-area: name; font-weight: 700; font-size: 16px; }
.picture { grid-area: picture; min-width: 0; }
.days { grid-area: days; text-align: right; line-height: 1.15; white-space: nowrap; }
.days b { font-size: 36px; font-variant-numeric: tabular-nums; }
.days b.words { font-size: 24px; line-height: 41px; }
.days span { font-size: 16px; }
.days small { display: block; font-size: 14px; color: var(--quiet); line-height: 1.3; min-height: 1.3em; white-space: normal; }
.before .name, .before .days { color: var(--quiet); }
.after .name, .after .days { color: var(--package); }
.after.worse .days { color: var(--worse); }
.after .days small { color: var(--quiet); }
svg { display: block; width: 100%; overflow: visible; }
text { font-size: ${FONT}px; fill: var(--ink); }
text.wait, .axis text { fill: var(--quiet); }
.before { --tone: var(--before); } .after { --tone: var(--package); }
.path { stroke: var(--tone); stroke-width: 2; }
.path.never { stroke-dasharray: 2 6; }
.wait { stroke: none; }
rect.wait { fill: var(--tone); opacity: 0.2; } rect.work { fill: var(--tone); }
.mark { fill: var(--tone); stroke: var(--tone); stroke-width: 2; }
.mark.back, .mark.open { fill: var(--ground, #fff); }
.mark.whistle { fill: var(--ground, #fff); stroke-width: 4; }
.lead { stroke: var(--tone); opacity: 0.45; }
.whistle-word { font-weight: 700; }
.step { visibility: hidden; } .step.past { visibility: visible; }
.foot { display: grid; grid-template: "none axis replay" auto / 76px minmax(0, 1fr) 152px; gap: 0 12px; align-items: start; }
.axis { grid-area: axis; min-width: 0; } .axis line { stroke: var(--quiet); }
button { grid-area: replay; justify-self: end; font: inherit; font-size: 14px; color: var(--ink); background: none; cursor: pointer;
  border: 1px solid var(--before); border-radius: 6px; min-height: 44px; padding: 0 14px; }
button:hover { background: var(--tint, #f3f6f9); }
button:focus-visible { outline: 3px solid #e08a00; outline-offset: 2px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.narrow .track { grid-template: "name days" 42px "picture picture" auto / auto minmax(0, 1fr); padding-bottom: 4px; }
.narrow .days b { font-size: 30px; }
.narrow .days b.words { font-size: 22px; line-height: 36px; }
.narrow .days { display: flex; align-items: center; justify-content: flex-end; gap: 4px; }
.narrow .days small { order: -1; margin-right: 8px; white-space: normal; min-width: 0; }
.narrow .foot { grid-template: "axis" auto "replay" auto / minmax(0, 1fr); }
@media (forced-colors: active) {
  text, text.wait, .axis text { fill: CanvasText; } .axis line, .lead { stroke: CanvasText; }
  .before { --tone: CanvasText; } .after { --tone: Highlight; }
  .mark, .path { forced-color-adjust: none; } rect { forced-color-adjust: none; }
  .mark.back, .mark.open, .mark.whistle { fill: Canvas; }
}`;

/** What differs between a wide and a narrow picture of a track: lanes of words over the line, and the line's place. */
function layout(narrow) {
  const lanes = narrow ? 3 : 2;
  const line = lanes * LANE + 10;
  return { lanes, line, height: line + 10 + LANE + 4 };
}

class Story extends Drawn {
  #frame = html("div");
  #picture = html("div", { role: "img" });
  #list = html("div", { class: "hidden" });
  #button = html("button", { type: "button" });
  #axis = html("div", { class: "axis", "aria-hidden": "true" });
  #tracks = [];
  #day = 0; // to which the story has been told
  #last = null; // time of the last frame
  #running = false;

  constructor() {
    super();
    const foot = html("div", { class: "foot" }, this.#axis, this.#button);
    this.#frame.append(this.#picture, foot, this.#list);
    this.shadowRoot.append(html("style", {}, STYLE), this.#frame);
    this.#button.addEventListener("click", () => this.#start(true));
  }

  draw(data, changed) {
    const narrow = this.clientWidth < NARROW;
    this.#frame.className = narrow ? "narrow" : "";
    this.#picture.setAttribute("aria-label", data.text);
    this.#button.textContent = data.replay;
    this.#tracks = ["before", "after"].map((side) => track(side, data[side], data));
    this.#picture.replaceChildren(...this.#tracks.map((each) => each.element));
    this.#list.replaceChildren(...["before", "after"].map((side) => steps(data[side])));
    const width = this.#tracks[0].picture.clientWidth;
    this.#tracks.forEach((each) => each.fill(width, layout(narrow), this));
    this.#axis.replaceChildren(axis(data, width));
    if (changed) this.#start(false);
    this.#show();
  }

  /** Goes on where another element is with the same story. */
  goOnFrom(other) {
    if (other.data.text !== this.data.text) return;
    this.#day = other.day;
    this.#show();
  }

  get day() {
    return this.#day;
  }

  /** Tells it from the beginning; at once where whoever reads wants no motion and has not asked for it. */
  #start(asked) {
    this.#day = calm() && !asked ? this.data.days : 0;
    this.#last = null;
    this.#show();
    if (!this.#running && this.#day < this.data.days) {
      this.#running = true;
      requestAnimationFrame((now) => this.#advance(now));
    }
  }

  #advance(now) {
    const passed = Math.min(now - (this.#last ?? now), 500); // a page in the background does not run ahead
    this.#last = now;
    this.#day = Math.min(this.data.days, this.#day + (passed / 1000 / SECONDS) * this.data.days);
    this.#show();
    this.#running = this.#day < this.data.days;
    if (this.#running) requestAnimationFrame((then) => this.#advance(then));
    else this.dispatchEvent(new Event("told"));
  }

  #show() {
    this.#tracks.forEach((each) => each.show(this.#day, this.data.unit));
  }
}

function track(side, told, data) {
  const number = html("b"), unit = html("span"), note = html("small");
  const picture = html("div", { class: "picture" });
  const days = html("div", { class: "days" }, number, unit, note);
  const element = html("div", { class: `track ${side}${told.worse ? " worse" : ""}` },
    html("div", { class: "name" }, told.name), picture, days);
  let shown = null;
  return {
    element,
    picture,
    fill(width, form, host) {
      shown = drawn(told, data.days, width, form, host);
      picture.replaceChildren(shown.element);
    },
    show(day, unitName) {
      const now = Math.min(day, told.until);
      const ended = day >= told.until, never = ended && told.days === null;
      number.textContent = never ? told.end : String(ended ? Math.round(told.days) : Math.floor(now));
      number.classList.toggle("words", never);
      unit.textContent = never ? "" : ` ${unitName}`;
      note.textContent = ended ? told.note : "";
      shown.show(day);
    },
  };
}

/** The steps of a track as a list, for whoever does not see the picture. */
function steps(told) {
  const heading = html("p", {}, told.name);
  return html("div", {}, heading, html("ol", {}, ...told.told.map((each) => html("li", {}, each))));
}

function drawn(told, days, width, form, host) {
  const x = (day) => MARGIN + (day / days) * (width - 2 * MARGIN);
  const { line, height, lanes } = form;
  const path = svg("line", { class: "path", x1: x(0), y1: line, y2: line });
  const never = svg("line", { class: "path never", x1: x(told.until), y1: line, y2: line }); // it goes on, unsolved
  const parts = [];
  const waits = told.waits.map((each) => {
    const made = svg("rect", { class: each.work ? "work" : "wait", x: x(each.from), y: line - 6, height: 12 });
    return { ...each, made };
  });
  const named = told.marks.filter((each) => each.text);
  const labels = named.map((each) => {
    const wide = textWidth(each.text, host, FONT, each.kind === "whistle" ? 700 : 400);
    return { x: x(each.day), width: wide, rank: each.rank };
  });
  inLanes(labels, width, lanes).forEach((place, index) => {
    if (place) parts.push(word(named[index], place, labels[index], line));
  });
  told.marks.forEach((each) => parts.push({ day: each.day, made: dot(each, x(each.day), line) }));
  underneath(told.waits, x, width, host).forEach((each) => {
    const label = svg("text", { class: "wait", x: each.left, y: line + 10 + LANE }, each.text);
    parts.push({ day: each.until, made: label });
  });
  parts.forEach(({ made }) => made.classList.add("step"));
  const order = [...waits.map((each) => each.made), never, path, ...parts.map((each) => each.made)];
  const element = svg("svg", { viewBox: `0 0 ${width} ${height}`, height, "aria-hidden": "true" }, ...order);
  return {
    element,
    show(day) {
      path.setAttribute("x2", x(Math.min(day, told.until)));
      never.setAttribute("x2", told.days === null ? x(Math.max(day, told.until)) : x(told.until));
      for (const { from, until, made } of waits) {
        made.setAttribute("width", Math.max(0, x(Math.min(day, until)) - x(from)));
      }
      for (const part of parts) part.made.classList.toggle("past", day >= part.day);
    },
  };
}

function word(mark, place, label, line) {
  const y = line - 14 - place.lane * LANE;
  const made = svg("g", {}, svg("text", { x: place.x, y, ...(mark.kind === "whistle" ? { class: "whistle-word" } : {}) }, mark.text));
  if (place.lane > 0) made.prepend(svg("line", { class: "lead", x1: label.x, x2: label.x, y1: y + 3, y2: line - 8 }));
  return { day: mark.day, made };
}

function dot(mark, cx, cy) {
  const r = { whistle: 7, end: 7, back: 4.5 }[mark.kind] ?? 5;
  if (mark.kind !== "open") return svg("circle", { class: `mark ${mark.kind}`, cx, cy, r });
  return svg("path", { class: "mark open", d: `M${cx - 6} ${cy - 6}l12 12M${cx + 6} ${cy - 6}l-12 12` });
}

/** Words under the waits, the longest first, each within its wait as far as there is room. */
function underneath(waits, x, width, host) {
  const labels = waits.map((each) => {
    const wide = textWidth(each.text, host, FONT);
    return { x: (x(each.from) + x(each.until)) / 2, width: wide, rank: each.from - each.until };
  });
  const fits = labels.map((each, place) => x(waits[place].until) - x(waits[place].from) >= each.width * 0.6);
  const chosen = waits.map((each, place) => ({ ...each, label: labels[place] })).filter((_, place) => fits[place]);
  const placed = inLanes(chosen.map((each) => each.label), width, 1, 12);
  return chosen.map((each, place) => ({ ...each, left: placed[place]?.x })).filter((each) => each.left !== undefined);
}

function axis(data, width) {
  const x = (day) => MARGIN + (day / data.days) * (width - 2 * MARGIN);
  const made = svg("svg", { viewBox: `0 0 ${width} 30`, height: 30 });
  made.append(svg("line", { x1: x(0), x2: x(data.days), y1: 5, y2: 5 }));
  const all = ticks(data.days, width < 500 ? 4 : 8);
  all.forEach((day, place) => {
    const words = place === all.length - 1 ? `${day} ${data.unit}` : String(day);
    made.append(svg("line", { x1: x(day), x2: x(day), y1: 2, y2: 8 }));
    made.append(svg("text", { x: x(day), y: 24, "text-anchor": place === 0 ? "start" : x(day) > width - 40 ? "end" : "middle" }, words));
  });
  return made;
}

customElements.define("whistle-story", Story);
