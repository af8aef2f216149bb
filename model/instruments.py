"""What the claims say is wrong, and their instruments: what each one turns, and what should then move."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CONDITIONS", "INSTRUMENTS", "Condition", "Instrument"]


@dataclass(frozen=True)
class Instrument:
    """One row of the reform (R), of the proposals (N) or beside the article (E).

    Attributes
    ----------
    row : str
        "R1", "N4a", …
    regime : str
        Shipped regime that turns it up alone.
    topics : tuple of str
        Dotted keys that it turns; their defaults are its neutral value.
    outcome : str
        The observable that should move, a name of `OUTCOMES`.
    direction : int
        The claim: +1 up, −1 down.
    title_en, title_zh : str
        What it is.
    beneath : tuple of str
        Regimes that must hold beside it, for it acts on what they create.
    by_construction : bool
        Whether the observable counts what the instrument does, so that its moving is no evidence.
    """

    row: str
    regime: str
    topics: tuple[str, ...]
    outcome: str
    direction: int
    title_en: str
    title_zh: str
    beneath: tuple[str, ...] = ()
    by_construction: bool = False


@dataclass(frozen=True)
class Condition:
    """One row of what is wrong before the reform (P): a fact or a habit of the district, which can be taken away.

    Attributes
    ----------
    row : str
        "P1", …
    without : tuple of (str, float)
        Dotted keys with the values at which the wrong is gone; any value between is a grade.
    outcome : str
        The observable that should move when it is gone.
    direction : int
        +1 up, −1 down, when it is gone.
    title_en, title_zh : str
        What is wrong.
    answered_by : tuple of str
        Rows of the instruments that answer it; these can begin on a date.
    """

    row: str
    without: tuple[tuple[str, float], ...]
    outcome: str
    direction: int
    title_en: str
    title_zh: str
    answered_by: tuple[str, ...]


CONDITIONS: tuple[Condition, ...] = (
    Condition("P1", (("staff.street", 0.26), ("staff.department", 0.59)), "workload_street", -1,
              "staff and tasks are two pyramids, one inverted", "倒金字塔（倒挂）", ("R6", "R7")),
    Condition("P2", (("powers.delegated", 0.5), ("placement.follow_powers", 1.0)), "enforcement_closure_rate", 1,
              "duty without power", "有责无权", ("N1", "R8")),
    Condition("P3", (("assessment.street_weight", 0.38),), "effort_on_cases", 1,
              "assessment runs one way", "考核不对称", ("R1", "N3", "N14")),
    Condition("P4", (("coordination.convene", 1.0), ("coordination.restore", 1.0)), "joint_closure_rate", 1,
              "no right to coordinate departments", "条块分割、断链", ("R3", "R10", "N5")),
    Condition("P5", (("sending_down.hold", 0.0),), "dispatched_share", -1,
              "departments send their tasks down", "行政发包", ("R9", "N8")),
    Condition("P6", (("duty_list.clarity", 1.0),), "passes_per_case", -1,
              "a no man's land of functions", "无人地带", ("R8", "N9", "N4a")),
    Condition("P7", (("party.value", 0.8), ("party.capability", 0.8), ("party.support", 0.8)), "volunteer_share", 1,
              "party organisations weakly tied to people", "基层党组织联系群众弱", ("R12", "R13", "N12")),
    Condition("P8a", (("balance.arbitrary_excess", 0.0),), "arbitrary_rate", -1,
              "power far above responsibility", "乱作为", ("R1", "R11")),
    Condition("P8b", (("balance.inaction", 0.0),), "inaction_rate", -1,
              "power far below responsibility", "不作为", ("N1", "R8")),
    Condition("P9", (("closing.cogovernance", 1.5),), "recurrence_share", -1,
              "governing by control alone", "行政管控、运行无效", ("R12", "R13")),
)  # fmt: skip
"""What is wrong before the reform, in the order of the article."""

_CHANNELS = ("convene", "press", "restore", "raise_stake", "owner_after_passes")

INSTRUMENTS: tuple[Instrument, ...] = (
    Instrument("R1", "r01", ("assessment.street_weight",), "inaction_rate", -1,
               "weight of the streets' assessment of departments", "街乡对部门的考核权重"),
    Instrument("R2", "r02", ("opinion.heard",), "prevented_share", 1,
               "right of opinion on major matters", "重大事项意见建议权", by_construction=True),
    Instrument("R3", "r03", tuple(f"coordination.{name}" for name in _CHANNELS), "circulating_days", -1,
               "right to coordinate and supervise", "统筹协调和督办权"),
    Instrument("R4", "r04", ("stationing.appointment",), "team_share", 1,
               "right to suggest appointments", "人事建议权", ("r06",)),
    Instrument("R5", "r05", ("stationing.street_time",), "team_share", 1,
               "management of stationed people", "派驻人员日常管理考核权", ("r06",)),
    Instrument("R6", "r06", ("stationing.share",), "enforcement_closure_rate", 1,
               "enforcement staff sent down", "执法力量下沉"),
    Instrument("R7", "r07", ("placement.moved_to_streets", "staffing.standard", "staffing.dynamic"), "equity_gap", -1,
               "posts by a standard, dynamic quotas", "编制核定与动态管理"),
    Instrument("R8", "r08", ("duty_list.clarity",), "passes_per_case", -1,
               "duty list", "职责清单"),
    Instrument("R9", "r09", ("burden.entry_gate", "burden.department", "burden.technology"), "dispatched_share", -1,
               "burden reduction", "减负"),
    Instrument("R10", "r10", ("whistle.in_force", "whistle.reach"), "circulating_days", -1,
               "seven-step whistle", "吹哨报到"),
    Instrument("R11", "r11", ("closed_loop.call_back",), "cosmetic_share", -1,
               "closed loop", "闭环回访"),
    Instrument("R12", "r12", ("participation.strength",), "hidden_found_share", 1,
               "social participation", "社会参与"),
    Instrument("R13", "r13", ("party.value", "party.capability", "party.support"), "volunteer_share", 1,
               "regional party-building", "区域化党建"),
    Instrument("N1", "n01", ("powers.delegated",), "enforcement_closure_rate", 1,
               "penalty power for streets", "相对集中行政处罚权"),
    Instrument("N2", "n02", ("powers.inspection",), "hidden_found_share", 1,
               "inspection power delegated", "检查权下放"),
    Instrument("N3", "n03", ("assessment.budget",), "inaction_rate", -1,
               "budget suggestions", "预算建议权", ("r06",)),
    Instrument("N4a", "n04a", ("structure.merged_teams",), "passes_per_case", -1,
               "enforcement teams merged", "执法队伍综合设置"),
    Instrument("N4b", "n04b", ("structure.merged_sections",), "days_to_close_median", -1,
               "sections inside the street merged", "街乡大部制"),
    Instrument("N5", "n05", ("coordination.interfaces",), "coordination_share", -1,
               "one interface for joint work", "一对多、多对一接口"),
    Instrument("N6", "n06", ("levels.up",), "waiting_above_days", -1,
               "district whistles, city reports", "区级吹哨、市级部门报到"),
    Instrument("N7", "n07", ("levels.down",), "waiting_above_days", -1,
               "communities whistle, sections report", "社区吹哨、科室报到"),
    Instrument("N8", "n08", ("burden.negative_list", "assessment.indicators"), "dispatched_share", -1,
               "negative lists, fewer indicators", "负面清单、精简考核指标"),
    Instrument("N9", "n09", ("grids.integration",), "passes_per_case", -1,
               "grids and data integrated", "多网融合"),
    Instrument("N10", "n10", ("whistle.pilot_share",), "whistle_rate", -1,
               "only pilot streets may whistle", "仅试点街乡可吹哨", ("r10",), by_construction=True),
    Instrument("N11", "n11", ("committee.decides",), "whistle_accuracy", 1,
               "party committee decides first", "街乡党委决定", ("r10",), by_construction=True),
    Instrument("N12", "n12", ("party.powers",), "volunteer_share", 1,
               "powers of regional party organisations", "区域性党组织权限"),
    Instrument("N13", "n13", ("durability.in_law",), "passes_per_case", -1,
               "a dated reform put into law", "法治化、长效化", ("campaign",)),
    Instrument("N14", "n14", ("assessment.reward",), "inaction_rate", -1,
               "rewards for those who answer", "激励机制"),
    Instrument("N15", "n15", ("recording.share",), "cosmetic_share", -1,
               "the whole process recorded", "全过程纪实"),
    Instrument("E1", "e01", ("ranking.weight",), "reported_closure_rate", 1,
               "monthly ranking of streets", "接诉即办月度排名"),
)  # fmt: skip
"""All instruments, in the order of the article."""
