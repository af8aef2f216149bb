"""Carrying out a study that is laid out."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from experiments.kinds import Layout
from experiments.runner.executors import executor_for
from experiments.runner.run import Orders, carry_out
from experiments.runner.where import Where
from experiments.runner.worker import Simulation
from experiments.store.store import Study

__all__ = ["carry_out_layout"]


def carry_out_layout(layout: Layout, out: Path, where: Where, console: Console, quiet: bool = False) -> Study:
    """Run what is missing of a study; see `experiments.runner.run.carry_out` for what it returns and raises."""
    plan = layout.plan
    scenarios = tuple(base.scenario for base in plan.bases)

    def work(folder: Path) -> Simulation:
        return Simulation(scenarios, plan.outcomes, layout.reduction, folder.absolute() / "events")

    orders = Orders(plan, layout.agenda(out / plan.folder_name), work, lambda tasks: executor_for(where, tasks))
    return carry_out(orders, out, console, quiet)
