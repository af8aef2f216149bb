"""How citizens report, wait, take part, give up and come back."""

from __future__ import annotations

from dataclasses import dataclass

from model.parameter import parameter

__all__ = ["Citizens"]


@dataclass(frozen=True)
class Citizens:
    """How citizens report, wait, give up and come back."""

    patience_days: float = parameter(
        90.0, unit="days", bounds=(1.0, 100_000.0), row="P7", source="assumption 30-365",
        meaning="Mean patience of a citizen whose case nobody has begun.", zh="平均耐心",
    )  # fmt: skip
    found_after: float = parameter(
        45.0, unit="days", bounds=(0.1, 10_000.0), row="P7", source="assumption 15-180",
        meaning="Mean days until a hidden problem is found or has grown enough to be reported.", zh="隐患平均发现时间",
    )  # fmt: skip
    standing_memory: float = parameter(
        0.5, unit="share", bounds=(0.0, 1.0), row="", source="assumption 0.2-0.8",
        meaning="How far the last month moves a street's standing with its citizens (S10).", zh="街乡口碑更新速度",
    )  # fmt: skip
    usual_standing: float = parameter(
        0.5, unit="share", bounds=(0.0, 0.95), row="", source="S10; near the model's own level before the reform",
        meaning="Share of cases closed in time to which the present volume of requests belongs; better draws more.",
        zh="现有诉求量所对应的按期办结率",
    )  # fmt: skip
    worsening: float = parameter(
        0.5, unit="share of work", bounds=(0.0, 10.0), row="P7", source="assumption 0-2",
        meaning="Extra work of a problem that stayed hidden.", zh="隐患恶化增加的工作",
    )  # fmt: skip
    complains_again: float = parameter(
        0.5, unit="share", bounds=(0.0, 1.0), row="P9", source="assumption 0.2-0.8",
        meaning="Chance that a cosmetic closure comes back as a repeat.", zh="虚假办结再诉概率",
    )  # fmt: skip
    repeat_days: float = parameter(
        15.0, unit="days", bounds=(0.1, 365.0), row="P9", source="assumption 5-40",
        meaning="Mean days until a closed case comes back.", zh="重复诉求平均间隔",
    )  # fmt: skip
    found_gain: float = parameter(
        2.0, unit="times", bounds=(0.0, 20.0), row="R12", source="assumption 0-5",
        meaning="How much faster hidden problems are found with full participation.", zh="参与提高发现速度",
    )  # fmt: skip
    inspection_gain: float = parameter(
        2.0, unit="times", bounds=(0.0, 20.0), row="N2", source="assumption 0-5",
        meaning="How much faster hidden problems are found where streets may inspect.", zh="检查提高发现速度",
    )  # fmt: skip
    inspection_work: float = parameter(
        0.05, unit="person-days", bounds=(0.0, 2.0), row="N2", source="assumption 0.02-0.2",
        meaning="Work of a street for each problem found, where it inspects.", zh="每次发现的检查工作量",
    )  # fmt: skip
    truer_whistles: float = parameter(
        0.5, unit="share of errors", bounds=(0.0, 1.0), row="R12", source="assumption 0-0.8",
        meaning="Share of the screening errors of whistles that full participation spares (吹准哨).",
        zh="参与减少受理差错的比例",
    )  # fmt: skip
    volunteers: float = parameter(
        0.3, unit="share of work", bounds=(0.0, 1.0), row="R12", source="assumption 0-0.5",
        meaning="Part of the work of closing with residents that they do themselves at full participation.",
        zh="志愿者承担的工作比例",
    )  # fmt: skip
    duplicates: float = parameter(
        0.08, unit="share", bounds=(0.0, 1.0), row="N9",
        source="repeat complaints 5-10 % of contacts; assumption 0-0.2",
        meaning="Cases reported again through another channel while open.", zh="重复上报比例",
    )  # fmt: skip
    duplicate_work: float = parameter(
        0.04, unit="person-days", bounds=(0.0, 1.0), row="N9", source="assumption 0.01-0.1",
        meaning="Work of a street to recognise a duplicate.", zh="识别重复件的工作量",
    )  # fmt: skip
    feedback: float = parameter(
        0.0, unit="strength", bounds=(0.0, 1.0), row="", source="S10: + 55 % (2020), + 43 % (2022); off by default",
        meaning="How strongly better response draws requests from the latent pool.", zh="响应改善引发新诉求的强度",
    )  # fmt: skip
