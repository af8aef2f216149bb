// Hands the story and the answer of the first HTML over to the home view, so that nothing is drawn twice.
//
// In the home view, once it is mounted, with its own elements in place (Vue: `mounted`, and `:data.prop="…"` on them):
//
//   import("/whistle/static/adopt.js").then(({ adopt }) => adopt(this.$el));
//
// Every element of the view that has `data-early="name"` gets the element of the first HTML with the same
// `data-early` put in its place: it goes on where it is, in the middle of its story. The view keeps its own element as
// well: whatever it sets afterwards as `data` on it reaches the adopted one. Then `<main id="early">` is gone. Where
// there is no first HTML (another tab was opened first), nothing happens.

const EARLY = "early";

/** Puts the elements of the first HTML in the places that a view has for them, and removes what is left of it. */
export function adopt(view) {
  const early = document.getElementById(EARLY);
  if (!early) return;
  for (const place of view.querySelectorAll("[data-early]")) {
    const found = early.querySelector(`[data-early="${place.dataset.early}"]`);
    if (found) replace(place, found);
  }
  early.remove();
  document.documentElement.classList.remove(EARLY);
}

/** Puts an element in the place of another of the same kind; what is set on that one afterwards is set on this one. */
function replace(place, found) {
  const parent = place.parentNode;
  if (parent.moveBefore && found.isConnected && parent.isConnected) parent.moveBefore(found, place);
  else parent.insertBefore(found, place);
  place.hidden = true;
  place.style.display = "none";
  if (place.data) found.data = place.data;
  Object.defineProperty(place, "data", { get: () => found.data, set: (data) => { found.data = data; } });
}
