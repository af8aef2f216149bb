"""Who may and must do what: powers, duty list, burdens, opinion."""

from __future__ import annotations

from dataclasses import dataclass

from model.parameter import parameter

__all__ = ["Burden", "DutyList", "Opinion", "Powers"]

_ARTICLE = "Wang 2018"


@dataclass(frozen=True)
class Powers:
    """P2, N1: who may close what needs enforcement power."""

    delegated: float = parameter(
        0.0, unit="share of enforcement cases", bounds=(0.0, 1.0), row="N1",
        source=f"{_ARTICLE}: relatively concentrated penalty power; 431 powers delegated on 2020-07-01",
        meaning="Share of enforcement cases whose power the streets hold themselves.", zh="下放街乡的执法权比例",
    )  # fmt: skip
    inspection: float = parameter(
        0.0, unit="strength", bounds=(0.0, 1.0), row="N2",
        source=f"{_ARTICLE}: inspection split from enforcement; strength is an assumption",
        meaning="How far the power to inspect has gone down to the streets.",
        zh="检查权下放程度",
    )  # fmt: skip


@dataclass(frozen=True)
class DutyList:
    """R8: the duty list moves the membership matrix from diffuse to sharp."""

    clarity: float = parameter(
        0.0, unit="share of the way", bounds=(0.0, 1.0), row="R8",
        source=f"{_ARTICLE}: list of duties drawn up against the city's 111 items; effect is an assumption",
        meaning="How clearly duties are listed: from vague and overlapping to one owner for each kind of case.",
        zh="职责清单清晰度",
    )  # fmt: skip


@dataclass(frozen=True)
class Burden:
    """R9, N8: burden reduction."""

    entry_gate: float = parameter(
        0.0, unit="share of work sent down", bounds=(0.0, 1.0), row="R9",
        source=f"{_ARTICLE}: entry gate; strength is an assumption",
        meaning="Share of the work sent down that the gate turns back.",
        zh="准入减负：退回下派任务的比例",
    )  # fmt: skip
    department: float = parameter(
        0.0, unit="share of work sent down", bounds=(0.0, 1.0), row="R9",
        source=f"{_ARTICLE}: departments reduce what they ask; strength is an assumption",
        meaning="Share of the work that departments no longer send down by themselves.",
        zh="部门减负：部门少下派的比例",
    )  # fmt: skip
    technology: float = parameter(
        0.0, unit="share of own work", bounds=(0.0, 1.0), row="R9",
        source=f"{_ARTICLE}: technology; strength is an assumption 0-0.2",
        meaning="Share of the work of a street's own cases that technology saves.",
        zh="技术减负：节省自办工作的比例",
    )  # fmt: skip
    negative_list: float = parameter(
        0.0, unit="share of work sent down", bounds=(0.0, 1.0), row="N8",
        source=f"{_ARTICLE}: negative lists of streets and communities",
        meaning="Share of the kinds of work that may not be sent down at all.",
        zh="负面清单：禁止下派的比例",
    )  # fmt: skip


@dataclass(frozen=True)
class Opinion:
    """R2: the right of opinion on major matters, a conjecture: amended projects make fewer cases."""

    heard: float = parameter(
        0.0, unit="share of projects", bounds=(0.0, 1.0), row="R2",
        source=f"{_ARTICLE}; that it prevents cases is a conjecture",
        meaning="Share of the projects that would make cases later on which the street's opinion is taken.",
        zh="重大事项意见建议采纳比例",
    )  # fmt: skip
    work: float = parameter(
        2.0, unit="person-days/month", bounds=(0.0, 100.0), row="R2",
        source="assumption 0-10",
        meaning="Work of a street on its opinions a month, were it asked on every project, at full scale.",
        zh="意见建议工作量",
    )  # fmt: skip
