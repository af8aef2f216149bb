"""The notebooks of the documentation run as they stand, and hold no output."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from tests.documents.pages import DOCS, ROOT

NOTEBOOKS = DOCS / "notebooks"
FILES = {
    "first_comparison": {"first_comparison.html"},
    "a_rule_of_your_own": {"mine.py", "fearful.yaml", "fearless.yaml"},
    "sweep_to_a_figure": {"weight.svg", "weight.pdf", "weight.csv"},
    "the_doubt_over_worlds": set[str](),
}
"""What each leaves in the folder in which it runs."""

SLOW = ("sweep_to_a_figure", "the_doubt_over_worlds")
"""Those with most runs, whose calls other tests make too."""

MOST_CELLS, LONGEST = 15, 300.0  # seconds that a cell may take on a shared machine


def read(name: str) -> Any:
    return nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)


def carry_out(book: Any, room: Path) -> Any:
    """Run every cell of a notebook in a folder, in a kernel of this environment, and return it with its outputs."""
    places = {name: str(room / ".kernel") for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR")}
    client = NotebookClient(book, timeout=LONGEST, kernel_name="python3", resources={"metadata": {"path": str(room)}})
    return client.execute(env=os.environ | places | {"PYTHONPATH": str(ROOT)})


def outputs(book: Any) -> list[Any]:
    return [each for cell in book.cells for each in cell.get("outputs", ())]


@pytest.mark.parametrize("name", [pytest.param(each, marks=pytest.mark.slow if each in SLOW else ()) for each in FILES])
def test_a_notebook_runs_from_its_first_cell_to_its_last(name: str, tmp_path: Path) -> None:
    found = outputs(carry_out(read(name), tmp_path))
    shown = Counter(form for each in found for form in each.get("data", ()))
    pictures = [each for each in found if "<img" in each.get("data", {}).get("text/html", "")]
    assert shown["image/png"] + len(pictures) >= 1
    assert any("<table" in each.get("data", {}).get("text/html", "") for each in found)
    assert [each.text for each in found if each.output_type == "stream" and "Warning" in each.text] == []
    left = {path.name: path.stat().st_size for path in tmp_path.iterdir() if path.is_file()}
    assert set(left) == FILES[name] and all(left.values())


def test_every_notebook_is_known_here() -> None:
    assert {path.stem for path in NOTEBOOKS.iterdir()} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_notebook_is_valid_short_and_without_outputs(name: str) -> None:
    book = read(name)
    nbformat.validate(book)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert (book.nbformat, book.metadata.kernelspec.name) == (4, "python3")
    assert len({cell.id for cell in book.cells}) == len(book.cells) <= MOST_CELLS
    assert outputs(book) == [] and [cell.execution_count for cell in code] == [None] * len(code)


@pytest.mark.parametrize("name", FILES)
def test_a_notebook_says_its_size_how_to_raise_it_and_what_may_not_be_concluded(name: str) -> None:
    book = read(name)
    words = " ".join(" ".join(cell.source.split()) for cell in book.cells if cell.cell_type == "markdown")
    for said in ("one twentieth", "SIZE = 1.0", "full scale", "What may not be concluded"):
        assert said in words
    assert any("SIZE" in cell.source and "0.05" in cell.source for cell in book.cells if cell.cell_type == "code")


PROGRESS = """
import sys
sys.modules["ipywidgets"] = None
from experiments.console import error_console
from experiments.runner import progress
for found in (progress.find_spec, lambda name: None):
    progress.find_spec = found
    with progress.reporter(error_console(), lambda: 3, 2, quiet=False) as add:
        add([])
"""


def test_progress_is_told_without_widgets_and_without_the_library_of_bars(tmp_path: Path) -> None:
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(PROGRESS)])
    found = outputs(carry_out(book, tmp_path))
    told = " ".join(each.get("text") or each.data["text/plain"] for each in found)
    assert "2/3" in told and "2 of 3" in told and "Warning" not in told


def test_a_cell_that_fails_is_found_out(tmp_path: Path) -> None:
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        carry_out(book, tmp_path)
