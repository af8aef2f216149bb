"""Words in which a regime is explained."""

from __future__ import annotations

__all__ = ["EXPLAINING"]

EXPLAINING: dict[str, tuple[str, str]] = {
    "explain_against": ("Difference from {before}:", "与{before}的差异："),
    "explain_changes": ("Changes from before the reform:", "与改革前相比："),
    "explain_nothing": ("on the first day all is as before the reform", "首日一切与改革前相同"),
    "explain_same": ("the two are the same", "两种制度完全相同"),
    "explain_same_first": ("the two are the same on the first day", "两种制度首日相同"),
    "group_rules": ("rules", "规则"),
    "group_people and world": ("people and world", "人员与环境"),
    "group_behaviour": ("behaviour", "行为"),
    "explain_idle": (
        "{row} ({title}) does nothing without: {needs}.",
        "{row}（{title}）须与以下制度并用，否则不起作用：{needs}。",
    ),
    "explain_dates_of": ("Dates of {regime}:", "{regime}的日期："),
    "explain_no_dates": ("  none: what holds on the first day holds to the end", "  无：首日规则持续到期末"),
    "explain_date": ("From day {day}, {regime} in {streets} streets", "自第 {day} 天起，{streets} 个街乡实施{regime}"),
    "explain_lasts": ("; put into law, it lasts.", "；已入法，持续有效。"),
    "explain_fades": (
        "; what no law holds loses half its strength in {half_life_days:.0f} days.",
        "；未入法部分每 {half_life_days:.0f} 天减半。",
    ),
    "explain_phases": ("A day, in order:", "一天的流程："),
    "explain_duties": ("Duty list from day {day}", "自第 {day} 天起的职责清单"),
    "explain_duties_same": (
        "Duty list from day {day}, the last change: as above",
        "自第 {day} 天（最后一次变化）起的职责清单：同上",
    ),
    "explain_zones": (
        "Claims 0–1. No man's land: no claim reaches 0.5. Contested: the second claim is at least 0.85 of the first.",
        "职责归属 0–1。无人地带：无一单位达到 0.5。交叉：第二位不低于首位的 0.85。",
    ),
    "explain_kind": ("kind", "类别"),
    "explain_zone": ("zone", "地带"),
    "explain_street": ("street's own", "街乡自身"),
    "explain_claims": ("departments, the strongest first", "部门（由强到弱）"),
    "zone_no man's land": ("no man's land (gap)", "无人地带（空白）"),
    "zone_contested": ("contested (overlap)", "交叉"),
    "zone_heartland": ("heartland", "核心职责"),
    "explain_load": (
        "Offered load by hand from day {day}, expected work ÷ hours held (above 1 a queue grows without end):",
        "自第 {day} 天起任务量÷工时的估算，预期工作量 ÷ 可用工时（大于 1 则积压不断增长）：",
    ),
    "explain_level": (
        "  {level}: {mean} over {pools} pools, {least} to {most}",
        "  {level}：{pools} 个单位，平均 {mean}，{least} 至 {most}",
    ),
    "explain_over": ("; above 1 in {count}: {names}", "；{count} 个大于 1：{names}"),
    "explain_left_out": (
        "  Left out: work sent down, cases coming back unsolved, closing with residents, fatigue; streets run fuller. "
        "A platform team is asked no more than it has hours for.",
        "  未计入：下派任务、退回案件、共治、疲劳；街乡实际更满。派驻队伍接案以其工时为限。",
    ),
    "explain_cost": (
        "A run: {days} days, about {problems:,} problems, about {seconds} s on one core (an estimate).",
        "一次模拟：{days} 天，约 {problems:,} 个问题，单核约 {seconds} 秒（估计）。",
    ),
}
"""By key: English and Chinese."""
