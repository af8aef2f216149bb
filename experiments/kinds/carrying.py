"""Carrying out a study that is laid out."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from experiments.disk.store import Study
from experiments.kinds.protocol import Layout
from experiments.running.executors import executor_for
from experiments.running.run import Orders, carry_out
from experiments.running.where import Where
from experiments.running.worker import Simulation

__all__ = ["carry_out_layout"]


def carry_out_layout(layout: Layout, out: Path, where: Where, console: Console, quiet: bool = False) -> Study:
    """Run what is missing of a study; see `experiments.running.run.carry_out` for what it returns and raises."""
    plan = layout.plan
    scenarios = tuple(base.scenario for base in plan.bases)

    def work(folder: Path) -> Simulation:
        return Simulation(scenarios, plan.outcomes, layout.reduction, folder.absolute() / "events")

    orders = Orders(plan, layout.agenda(out / plan.folder_name), work, lambda tasks: executor_for(where, tasks))
    return carry_out(orders, out, console, quiet)
