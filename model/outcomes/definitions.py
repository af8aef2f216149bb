"""Every outcome once: name, unit, direction, formula, titles, and the function that computes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from model.outcomes.record import Totals, gini, ratio

__all__ = ["OUTCOMES", "Outcome", "compute"]


@dataclass(frozen=True)
class Outcome:
    """One outcome.

    Attributes
    ----------
    name, unit : str
        Stable name; unit in words ("share" is printed as percent).
    direction : int
        +1 higher is better, −1 lower is better, 0 neither.
    formula : str
        How it is measured, with its denominator.
    title_zh, title_en : str
        Names for people.
    measure : callable
        From the figures of a run to the value, None where undefined.
    """

    name: str
    unit: str
    direction: int
    formula: str
    title_zh: str
    title_en: str
    measure: Callable[[Totals], float | None]


def _satisfaction(figures: Totals) -> float | None:
    """Return mean satisfaction: its sum is one of tenths, whatever the order in which they were added."""
    return ratio(round(10 * figures.tally["satisfaction"]) / 10, figures.tally["reported"])


_DUE = "reported and found cases of the cohort whose deadline class the step resolves"

_ALL = (
    Outcome(
        "closure_rate", "share", 1, f"last real closure within the limit from first report ÷ {_DUE}",
        "办结率", "closure rate", lambda f: ratio(f.tally["closed_in_time"], f.tally["due"]),
    ),
    Outcome(
        "closure_rate_30d", "share", 1, "last real closure within 30 days ÷ reported and found cases of the cohort",
        "30日办结率", "closure rate, 30 days", lambda f: ratio(f.tally["closed_30"], f.tally["reported"]),
    ),
    Outcome(
        "problem_resolution", "share", 1,
        "prevented, or really closed within the limit ÷ all problems born whose class the step resolves, undetected "
        "counting as failure",
        "问题解决率", "problem resolution", lambda f: ratio(f.tally["resolved"], f.tally["due_problems"]),
    ),
    Outcome(
        "reported_closure_rate", "share", 1, f"first declared closure within the limit ÷ {_DUE}",
        "上报办结率", "reported closure rate", lambda f: ratio(f.tally["declared_in_time"], f.tally["due"]),
    ),
    Outcome(
        "enforcement_closure_rate", "share", 1, "closure rate of cases that need enforcement power",
        "执法类办结率", "closure rate, enforcement cases",
        lambda f: ratio(f.tally["enforcement_closed"], f.tally["enforcement"]),
    ),
    Outcome(
        "joint_closure_rate", "share", 1, "closure rate of cases that need several parties",
        "联办类办结率", "closure rate, joint cases", lambda f: ratio(f.tally["joint_closed"], f.tally["joint"]),
    ),
    Outcome(
        "cosmetic_share", "share", -1, "cosmetic ÷ declared closures in the window",
        "虚假办结占比", "cosmetic share of closures", lambda f: ratio(f.tally["cosmetic"], f.tally["declarations"]),
    ),
    Outcome(
        "prevented_share", "share", 1, "prevented at the source ÷ problems born",
        "源头避免占比", "prevented at the source", lambda f: ratio(f.tally["prevented"], f.tally["problems"]),
    ),
    Outcome(
        "reopen_rate", "share", -1, "reopened within 30 days ÷ declared closed with 30 days of follow-up left",
        "重新办理率", "reopen rate", lambda f: ratio(f.tally["reopened_30"], f.tally["declared_30"]),
    ),
    Outcome(
        "recurrence_share", "share", -1,
        "of cases really closed, those with a linked repeat within follow-up ÷ really closed",
        "复发占比", "recurrence share", lambda f: ratio(f.tally["repeated"], f.tally["closed"]),
    ),
    Outcome(
        "days_to_close_median", "days", -1,
        "median days from first report to last real closure, dropping as competing risk; undefined beyond follow-up",
        "办结天数中位数", "days to close, median", lambda f: f.days_quantile(0.5),
    ),
    Outcome(
        "days_to_close_p90", "days", -1, "90th percentile of the same", "办结天数第90百分位", "days to close, p90",
        lambda f: f.days_quantile(0.9),
    ),
    Outcome(
        "overdue_rate", "share", -1, f"not really closed within the limit ÷ {_DUE}",
        "逾期率", "overdue rate", lambda f: ratio(f.tally["overdue"], f.tally["due"]),
    ),
    Outcome(
        "response_rate", "share", 1, f"taken in hand by some unit within the limit ÷ {_DUE}",
        "响应率", "response rate", lambda f: ratio(f.tally["responded"], f.tally["due"]),
    ),
    Outcome(
        "satisfaction", "share", 1,
        "mean over reported cases: really closed 0.5, in time 0.3, never reopened 0.2 (a conjectured index)",
        "满意率", "satisfaction", _satisfaction,
    ),
    Outcome(
        "backlog_end", "share", -1, "neither really closed nor dropped at the end of follow-up ÷ reported cases",
        "期末未真正办结占比", "not really closed at the end", lambda f: ratio(f.tally["backlog"], f.tally["reported"]),
    ),
    Outcome(
        "passes_per_case", "passes/case", -1, "passes ÷ cases ever offered to a department",
        "案均推诿次数", "passes per case", lambda f: ratio(f.tally["passes"], f.tally["offered"]),
    ),
    Outcome(
        "passed_share", "share", -1, "passed on at least once ÷ cases ever offered to a department",
        "被推诿占比", "share passed on", lambda f: ratio(f.tally["passed"], f.tally["offered"]),
    ),
    Outcome(
        "ping_pong_share", "share", -1, "a department asked again after another ÷ cases ever offered",
        "踢皮球占比", "ping-pong share", lambda f: ratio(f.tally["ping_pong"], f.tally["offered"]),
    ),
    Outcome(
        "evasive_pass_share", "share", -1, "passes that do not raise true membership ÷ passes",
        "消极推诿占比", "evasive share of passes", lambda f: ratio(f.tally["evasive"], f.tally["passes"]),
    ),
    Outcome(
        "circulating_days", "days/case", -1, "days before the parties stand together ÷ cases ever offered",
        "流转空耗天数", "circulating days", lambda f: ratio(f.tally["circulating"], f.tally["offered"] * f.day),
    ),
    Outcome(
        "waiting_above_days", "days/case", -1,
        "days until the level above takes a case up ÷ cases that it took up in the window",
        "等待上级天数", "days waiting for the level above",
        lambda f: ratio(f.tally["waited_above"], f.tally["risen"] * f.day),
    ),
    Outcome(
        "team_share", "share", 0, "taken up by the street's platform team ÷ turns beyond the street in the window",
        "派驻队伍承办占比", "taken up by platform teams",
        lambda f: ratio(f.tally["taken_by_team"], f.tally["turned_out"]),
    ),
    Outcome(
        "orphan_share", "share", -1, "ownerless after refusals for over letters.answer_within ÷ cases ever offered",
        "无主占比", "orphan share", lambda f: ratio(f.tally["orphans"], f.tally["offered"]),
    ),
    Outcome(
        "workload_street", "share", 0, "hours used ÷ hours held by streets and communities, in the window",
        "街乡和社区负荷", "workload, streets + communities", lambda f: f.workload("street", "community"),
    ),
    Outcome(
        "workload_department", "share", 0, "hours used ÷ hours held by departments and platform teams",
        "部门和派驻队伍负荷", "workload, departments + teams", lambda f: f.workload("department", "team"),
    ),
    Outcome(
        "offered_load_street", "share", 0, "work that came ÷ hours held, uncapped, streets and communities",
        "街乡和社区任务量÷工时", "offered load, streets + communities", lambda f: f.offered("street", "community"),
    ),
    Outcome(
        "offered_load_department", "share", 0, "work that came ÷ hours held, uncapped, departments and teams",
        "部门和派驻队伍任务量÷工时", "offered load, departments + teams", lambda f: f.offered("department", "team"),
    ),
    Outcome(
        "overload_days", "days/unit", -1, "days with all hours used, mean over streets and departments with staff",
        "满负荷天数", "overload days", lambda f: f.overload_days(),
    ),
    Outcome(
        "workload_gini", "0-1", -1, "Gini coefficient of hours used ÷ held over streets and departments",
        "负荷基尼系数", "workload Gini", lambda f: gini(f.workloads("street", "department")),
    ),
    Outcome(
        "dispatched_share", "share", -1, "hours on work sent down ÷ hours used by streets and communities",
        "下派任务占比", "share of work sent down", lambda f: f.sent_down_share(),
    ),
    Outcome(
        "coordination_share", "share", -1, "attendance ÷ hours on cases, departments and teams",
        "协调占比", "coordination share", lambda f: f.coordination_share(),
    ),
    Outcome(
        "effort_on_cases", "share", 0, "hours on cases ÷ hours used by departments",
        "部门办案时间占比", "departments' effort on cases", lambda f: f.effort_on_cases(),
    ),
    Outcome(
        "volunteer_share", "share", 1, "work done by residents ÷ that and streets' and communities' hours on cases",
        "群众参与占比", "work done by residents", lambda f: f.volunteer_share(),
    ),
    Outcome(
        "staff_days_per_closure", "person-days/case", -1,
        "hours on cases and errands, all units ÷ real closures in the window",
        "案均人日", "staff days per closure", lambda f: f.staff_days_per_closure(),
    ),
    Outcome(
        "balance_index", "log ratio", 0, "authority against responsibility, streets' mean in the window; 0 is balanced",
        "权责平衡指数", "balance index, streets", lambda f: f.mean_balance(),
    ),
    Outcome(
        "inaction_rate", "share", -1, "answers and attendances missing, returned cases shelved ÷ all due",
        "不作为率", "inaction rate", lambda f: ratio(f.tally["inaction"], f.tally["answers_due"]),
    ),
    Outcome(
        "arbitrary_rate", "share", -1, "arbitrary acts ÷ enforcement closures in the window",
        "乱作为率", "arbitrary rate", lambda f: ratio(f.tally["arbitrary"], f.tally["closings"]),
    ),
    Outcome(
        "hidden_found_share", "share", 1,
        "found with run.least_follow_up_days of follow-up left ÷ problems hidden when born",
        "隐患发现率", "hidden problems found", lambda f: ratio(f.tally["found"], f.tally["hidden"]),
    ),
    Outcome(
        "whistle_rate", "share", 0, "whistled ÷ reported cases",
        "吹哨率", "whistle rate", lambda f: ratio(f.tally["whistled"], f.tally["reported"]),
    ),
    Outcome(
        "whistle_accuracy", "share", 1, "addressed rightly ÷ whistles screened in the window",
        "吹哨准确率", "whistle accuracy", lambda f: ratio(f.tally["whistles_right"], f.tally["whistles"]),
    ),
    Outcome(
        "equity_gap", "share", -1, "closure rate, best minus worst fifth of streets with cases due, by demand a person",
        "街乡差距", "equity gap", lambda f: f.equity_gap(),
    ),
)  # fmt: skip

OUTCOMES: dict[str, Outcome] = {outcome.name: outcome for outcome in _ALL}
"""All outcomes by name, in the order in which they are shown."""


def compute(figures: Totals) -> dict[str, float | None]:
    """Return every outcome of a run; undefined ones are None."""
    return {name: outcome.measure(figures) for name, outcome in OUTCOMES.items()}
