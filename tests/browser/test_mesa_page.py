"""Mesa's own page over the district, without a browser: its controls make models, its buttons step them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import pytest
import solara

from model import DistrictModel, simulate, vary

pytestmark = pytest.mark.filterwarnings("ignore:Failed to validate hooks:UserWarning")  # Mesa's components

CONTROLS: dict[str, Any] = {
    "scenario": {"type": "Select", "label": "Regime", "value": "inverted", "values": ["inverted", "flattened"]},
    "seed": {"type": "InputText", "label": "Seed", "value": 1},
    "assessment.street_weight": {
        "type": "SliderFloat", "label": "Weight", "value": 0.38, "min": 0.0, "max": 1.0, "step": 0.01
    },
    "district": "tiny",
}  # fmt: skip


def widgets(root: Any) -> Iterator[Any]:
    """Yield all widgets below one."""
    yield root
    for child in getattr(root, "children", None) or ():
        if hasattr(child, "keys"):
            yield from widgets(child)


def control(root: Any, label: str) -> Any:
    """Return the widget with a label."""
    return next(widget for widget in widgets(root) if label in (getattr(widget, "label", None), *(
        child for child in getattr(widget, "children", None) or () if isinstance(child, str))))  # fmt: skip


@pytest.fixture
def page() -> Iterator[tuple[Any, Any]]:
    """Return Mesa's page as it is drawn, and the model that it shows."""
    from mesa.visualization import SolaraViz

    model = solara.reactive(DistrictModel("inverted", seed=1, district="tiny"))
    drawn = solara.AppLayout(children=[SolaraViz(model, components=[], model_params=CONTROLS)])
    with redirect_stdout(StringIO()):  # parts of the page that belong above it are printed
        box, context = solara.render(drawn, handle_error=False)
    yield box, model
    context.close()


def test_the_page_steps_a_model(page: tuple[Any, Any]) -> None:
    box, model = page
    control(box, "Step").click()
    control(box, "Step").click()
    assert model.value.day == 2


def test_the_controls_of_the_page_make_another_model(page: tuple[Any, Any]) -> None:
    box, model = page
    control(box, "Step").click()
    control(box, "Regime").v_model = "flattened"
    control(box, "Seed").v_model = "7"
    control(box, "Seed").fire_event("focusout", {})
    control(box, "Weight").v_model = 0.5
    control(box, "Reset").click()
    made = model.value
    assert (made.day, made.seed, made.setting.name) == (0, 7, "flattened")
    assert made.setting.law.assessment.street_weight == 0.5
    short = {"run.window_days": 5, "run.warm_up_days": 0, "run.follow_up_days": 2}
    again = DistrictModel(vary(made.setting, short), seed=made.seed)
    again.run_model()
    assert again.outcomes == simulate(again.setting, 7).outcomes
