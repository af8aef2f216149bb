// Hands the page from the first HTML over to the app, so that nothing starts again and nothing moves.
//
// The first HTML shows story and answer in `<main id="early">`, over the app, before that is there. Its elements have a
// `data-early="name"`; the views of the app give the same attribute to theirs (`<whistle-story data-early="story">`,
// `<whistle-ruler data-early="closure_rate">`), and that is all they do: as soon as each has its counterpart in the app,
// with data and a width, the counterparts go on where the first ones are, in one frame, and the first HTML is gone.

const EARLY = "early", PATIENCE = 15_000; // milliseconds after which an app that shows none of them is shown as it is

const early = document.getElementById(EARLY);
const places = (root) => [...root.querySelectorAll("[data-early]")];

/** Returns the first elements, each with its counterpart in the app; null as long as one has none. */
function counterparts() {
  const app = document.getElementById("app");
  const found = new Map(app ? places(app).map((each) => [each.dataset.early, each]) : []);
  const pairs = places(early).map((first) => [first, found.get(first.dataset.early)]);
  return pairs.every(([, second]) => second?.data && second.clientWidth > 0) ? pairs : null;
}

function handOver(pairs) {
  for (const [first, second] of pairs) second.goOnFrom?.(first);
  early.remove();
  document.documentElement.classList.remove(EARLY);
  document.dispatchEvent(new Event("whistle-adopted"));
}

function watch() {
  const until = performance.now() + PATIENCE;
  const look = () => {
    const pairs = counterparts();
    if (pairs || performance.now() > until) handOver(pairs ?? []);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

if (early) watch();
