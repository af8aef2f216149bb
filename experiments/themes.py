"""In which order, and under which headings, outcomes are shown."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["HEADLINE", "THEMES", "by_theme"]

HEADLINE = ("closure_rate", "passes_per_case", "workload_street", "workload_department")
"""Closure, buck-passing and who carries the work: what a comparison is about."""

THEMES: dict[str, tuple[str, ...]] = {
    "theme_closure": (
        "closure_rate",
        "closure_rate_30d",
        "reported_closure_rate",
        "enforcement_closure_rate",
        "joint_closure_rate",
        "problem_resolution",
        "prevented_share",
        "overdue_rate",
        "response_rate",
        "satisfaction",
    ),
    "theme_time": (
        "days_to_close_median",
        "days_to_close_p90",
        "backlog_end",
        "cosmetic_share",
        "reopen_rate",
        "recurrence_share",
    ),
    "theme_passing": (
        "passes_per_case",
        "passed_share",
        "ping_pong_share",
        "evasive_pass_share",
        "circulating_days",
        "waiting_above_days",
        "orphan_share",
        "inaction_rate",
        "arbitrary_rate",
    ),
    "theme_work": (
        "workload_street",
        "workload_department",
        "offered_load_street",
        "offered_load_department",
        "overload_days",
        "workload_gini",
        "dispatched_share",
        "coordination_share",
        "effort_on_cases",
        "team_share",
        "volunteer_share",
        "staff_days_per_closure",
        "balance_index",
    ),
    "theme_reach": ("whistle_rate", "whistle_accuracy", "hidden_found_share", "equity_gap"),
}
"""By key of the heading; an outcome that stands nowhere is shown last."""


def by_theme(outcomes: Iterable[str]) -> dict[str, list[str]]:
    """Return the given outcomes by theme, in the order in which they are shown; no theme is empty."""
    given = list(outcomes)
    placed = {name for names in THEMES.values() for name in names}
    groups = {theme: [name for name in names if name in given] for theme, names in THEMES.items()}
    groups["theme_other"] = [name for name in given if name not in placed]
    return {theme: names for theme, names in groups.items() if names}
