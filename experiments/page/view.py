"""The views of the page: Vue files that draw what they are given."""

import functools
import inspect
from collections.abc import Callable
from pathlib import Path

import solara

VIEWS = Path(__file__).parent / "views"
PARTS = VIEWS / "parts"


def view(name: str) -> Callable[..., solara.Element]:
    """Return the component of `views/NAME.vue`, which takes its properties, and its callbacks as event_*."""
    return lambda **properties: _component(name, tuple(properties))(**properties)


@functools.cache
def parts(*names: str) -> dict[str, str]:
    """Return components of `views/parts` as a view takes them, by the element that stands for each: unit-NAME."""
    return {f"unit-{name}": (PARTS / f"{name}.vue").read_text("utf-8") for name in names}


@functools.cache
def _component(name: str, properties: tuple[str, ...]) -> Callable[..., solara.Element]:
    def component() -> None:
        pass

    parameters = [inspect.Parameter(each, inspect.Parameter.KEYWORD_ONLY) for each in properties]
    component.__dict__["__signature__"] = inspect.Signature(parameters)  # Solara reads what may be given from it
    found: Callable[..., solara.Element] = solara.component_vue(f"views/{name}.vue")(component)
    return found
