"""The claims: what is wrong before the reform, and the instruments that answer it.

An instrument is declared beside the rules that it turns (`model/policy/`): what it changes, and what should then move.
`make documents` writes its regime (`configs/regimes/`), and `make instruments IDS=changed` measures those that are not
measured as they are declared.
"""

from model.claims import DOWN, KINDS_OF_ROWS, UP, Condition
from model.policy import incentives, people, procedures, trading

CONDITIONS: tuple[Condition, ...] = (
    Condition("P1", {"staff.street": 0.26, "staff.department": 0.59}, "workload_street", DOWN,
        "staff and tasks are two pyramids, one inverted", "人员与任务倒挂",
        "Most people and posts are at the top, most tasks at the bottom.",
        "人员和编制集中在上级，任务却集中在基层。", answered_by=("R6", "R7")),
    Condition("P2", {"powers.delegated": 0.5, "placement.follow_powers": 1.0}, "enforcement_closure_rate", UP,
        "duty without power", "有责无权",
        "Streets answer for everything on their ground and may not enforce anything.",
        "街乡对辖区一切事务负责，却没有执法权。", answered_by=("N1", "R8a", "R8b")),
    Condition("P3a", {"assessment.street_weight": 0.38}, "effort_on_cases", UP,
        "assessment runs one way", "考核不对称",
        "Departments assess streets, and streets do not assess departments.",
        "部门考核街乡，街乡不能考核部门。", answered_by=("R1", "N3", "N14")),
    Condition("P3b", {"sending_down.inspection_work": 0.0}, "assessed_share", DOWN,
        "inspections and forms", "迎检、填表",
        "Each indicator that streets are assessed by costs them hours on inspections and forms.",
        "街乡每被考核一项指标，都要花工时迎检、填表。", answered_by=("N8a",)),
    Condition("P4", {"coordination.convene": 1.0, "coordination.restore": 1.0}, "joint_closure_rate", UP,
        "no right to coordinate departments", "条块分割、断链",
        "Nobody may call departments together; joint work asks each of them in turn.",
        "无人有权召集部门，联合事项只能逐家商请。", answered_by=("R3", "R10", "N5")),
    Condition("P5", {"sending_down.hold": 0.0}, "dispatched_share", DOWN,
        "departments send their tasks down", "行政发包",
        "What departments do not finish of their own programmes they send down to streets and communities.",
        "部门未完成的本条线任务下派给街乡和社区。", answered_by=("R9", "N8a", "N8b")),
    Condition("P6", {"duty_list.clarity": 1.0}, "passes_per_case", DOWN,
        "a no man's land of functions", "无人地带",
        "For some matters nobody is clearly responsible, or several are; these are passed round.",
        "有些事项无人明确负责或多家都沾边，于是被来回退转。", answered_by=("R8a", "N9", "N4a")),
    Condition("P7", {"party.value": 0.8, "party.capability": 0.8, "party.support": 0.8}, "volunteer_share", UP,
        "party organisations weakly tied to people", "基层党组织联系群众弱",
        "Party organisations on the ground have weak ties to residents, so few join in.",
        "基层党组织与群众联系薄弱，群众参与少。", answered_by=("R12", "R13", "N12")),
    Condition("P8a", {"balance.arbitrary_excess": 0.0}, "arbitrary_rate", DOWN,
        "power far above responsibility", "乱作为",
        "Where power is far above responsibility, acts are arbitrary and do not stand.",
        "权远大于责之处容易乱作为，处置站不住脚。", answered_by=("R1", "R11")),
    Condition("P8b", {"balance.inaction": 0.0}, "inaction_rate", DOWN,
        "power far below responsibility", "不作为",
        "Where power is far below responsibility, nothing is done.",
        "权远小于责之处容易不作为。", answered_by=("N1", "R8a")),
    Condition("P9", {"closing.cogovernance": 1.5}, "recurrence_share", DOWN,
        "governing by control alone", "行政管控、运行无效",
        "Problems are settled by control alone: quick, and soon back.",
        "只靠行政管控：见效快，复发也快。", answered_by=("R12", "R13")),
)  # fmt: skip
"""What is wrong before the reform, in the order of the article."""

INSTRUMENTS = tuple(sorted(
    (*people.INSTRUMENTS, *incentives.INSTRUMENTS, *procedures.INSTRUMENTS, *trading.INSTRUMENTS),
    key=lambda each: (KINDS_OF_ROWS.index(each.row[0]), each.regime),
))  # fmt: skip
"""All instruments, in the order of the article."""
