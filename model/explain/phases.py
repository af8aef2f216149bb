"""The phases of the day in words."""

from __future__ import annotations

__all__ = ["PHASE_WORDS"]

PHASE_WORDS: dict[str, tuple[str, str]] = {
    "demand_arrives": (
        "Demand arrives: problems are born; they are reported, stay hidden, are found, or come back.",
        "诉求产生：问题发生，或被上报，或未被发现，或被发现，或重复出现。",
    ),
    "superiors_assign": (
        "Superiors assign: programmes fall due; what departments missed is sent down to streets and communities.",
        "上级交办：条线任务到期；部门未完成的部分下派街乡与社区。",
    ),
    "streets_triage": (
        "Streets triage: own work, the platform team, a whistle, a letter, or the shelf.",
        "街乡研判：自办、交派驻队伍、吹哨、发函或搁置。",
    ),
    "platform_accepts": (
        "The platform accepts whistles, a capacity a day, and names the parties.",
        "平台受理：按每日能力受理哨单，明确主办与协办单位。",
    ),
    "departments_answer": (
        "Departments answer: accept, pass on, or let the limit run out; then come or stay away.",
        "部门应答：接单、推诿或逾期不应；之后到场或缺席。",
    ),
    "units_work": (
        "Units work: hours are split between errands, programmes, cases and what was sent down.",
        "单位办理：工时在杂务、条线任务、案件与下派任务之间分配。",
    ),
    "supervision_presses": (
        "Supervision presses overdue cases, a capacity a day.",
        "督办：按每日能力催办逾期案件。",
    ),
    "results_show": (
        "Results show: notice periods end; closures are called back, reversed or reopened.",
        "结果显现：法定期满；办结件回访、撤销或重新办理。",
    ),
    "score": (
        "Scores are kept: ranks, pressure, residents' part, quotas, month by month.",
        "考核：逐月排名、传导压力、计群众参与、调整编制。",
    ),
}
"""By name of the phase, in the order of the day: English and Chinese."""
