"""Words of real event logs."""

from __future__ import annotations

__all__ = ["REALLOG"]

NOTES: dict[str, tuple[str, str]] = {
    "log_note_log": ("Read as {format}, a row is an event.", "按 {format} 读取，每行为一个事件。"),
    "log_note_table": (
        "Read as {format}, a case table: a row is a case, so nothing is known of hand-overs.",
        "按 {format} 读取，为案件表：每行为一个案件，因此无法得知转手情况。",
    ),
    "log_note_guessed": (
        "Columns guessed from usual names: {columns}. Another one: its flag, as --unit COLUMN; none: --deadline none.",
        "按常用列名推测：{columns}。如需他列，用相应参数，如 --unit 列名；不用某列：--deadline none。",
    ),
    "log_note_other_units": (
        "Units are those of '{unit}'; also possible: {others} (--unit).",
        "承办单位取自“{unit}”列；亦可用：{others}（--unit）。",
    ),
    "log_note_own": (
        "This is a log of Whistle itself: regime {regime}, seed {seed}. A case counts as closed when declared so.",
        "这是 Whistle 自身导出的日志：制度 {regime}，随机种子 {seed}。宣布办结即计为办结。",
    ),
    "log_note_own_damaged": (
        "Its columns are those of Whistle's own logs, but its outcomes cannot be given: {reason}",
        "列名与 Whistle 自身导出的日志一致，但无法给出模型指标：{reason}",
    ),
    "log_note_lines_inside": (
        "Line breaks inside of quoted cells: {count:,}; places are given as records, not lines.",
        "有 {count:,} 处换行位于引号内；位置按记录数而非行数给出。",
    ),
    "log_note_loose_events": (
        "Events outside of all traces: {count:,}; they are left out.",
        "有 {count:,} 个事件不属于任何案件（trace），已略去。",
    ),
    "log_note_float_cases": (
        "Cases of '{column}' that are numbers with a decimal point: {count:,}; {shown} is read as {whole}.",
        "“{column}”列有 {count:,} 个案件编号为小数形式，如 {shown}；按 {whole} 读取。",
    ),
    "log_note_repeated_cases": (
        "Rows that repeat an earlier case of '{column}': {count:,}; each row counts as a case.",
        "“{column}”列有 {count:,} 行重复了前面的案件编号；每行各计为一个案件。",
    ),
    "log_note_without_unit": (
        "Events without a unit in '{column}', which are dropped: {count:,} of {of:,}. Cases concerned: {cases:,}; of "
        "them without any other event, and so dropped: {lost:,}.",
        "{of:,} 个事件中有 {count:,} 个在“{column}”列没有单位，已剔除：涉及 {cases:,} 个案件，"
        "其中 {lost:,} 个因无其他事件而剔除。",
    ),
    "log_note_without_case": (
        "Rows without a case in '{column}', which are dropped: {count:,} of {of:,}.",
        "{of:,} 行中有 {count:,} 行在“{column}”列没有案件编号，已剔除。",
    ),
    "log_note_without_time": (
        "Events without a time in '{column}', which are dropped: {count:,} of {of:,}. Cases concerned: {cases:,}; of "
        "them without any other event, and so dropped: {lost:,}.",
        "{of:,} 个事件中有 {count:,} 个在“{column}”列没有时间，已剔除：涉及 {cases:,} 个案件，"
        "其中 {lost:,} 个因无其他事件而剔除。",
    ),
    "log_note_without_start": (
        "Cases without a beginning in '{column}', which are dropped: {count:,} of {of:,}.",
        "{of:,} 个案件中有 {count:,} 个在“{column}”列没有开始时间，已剔除。",
    ),
    "log_note_span": ("Times from {first} to {last}.", "时间自 {first} 至 {last}。"),
    "log_note_unsorted": (
        "The file is not in order (events before which a later one of their case stands: {count:,}); it was sorted by "
        "case and time, events at the same time as they stand in the file.",
        "文件未按时间排序（有 {count:,} 个事件排在同案更晚的事件之后）；"
        "已按案件与时间排序，时间相同者保持文件中的次序。",
    ),
    "log_note_duplicates_kept": (
        "Rows that repeat an earlier one in case, unit, time and activity: {count:,}; they are kept. To drop them: "
        "--drop-duplicates.",
        "有 {count:,} 行与前面某行的案件、单位、时间、活动完全相同，予以保留；如需剔除：--drop-duplicates。",
    ),
    "log_note_duplicates_dropped": (
        "Rows that repeat an earlier one in case, unit, time and activity: {count:,}; they are dropped, as asked.",
        "有 {count:,} 行与前面某行的案件、单位、时间、活动完全相同，已按要求剔除。",
    ),
    "log_note_chosen": (
        "Cases that count by --before and --after: {count:,} of {of:,}.",
        "按 --before 与 --after，{of:,} 个案件中计入 {count:,} 个。",
    ),
    "log_note_varying": (
        "Cases whose events disagree about {role}: {count:,}; the earliest beginning, or the latest end or deadline, "
        "is taken.",
        "有 {count:,} 个案件各事件的 {role} 不一致；开始取最早者，结束与时限取最晚者。",
    ),
    "log_note_backwards": (
        "Cases that end before they begin: {count:,}; they have no duration and are left out wherever one is needed.",
        "有 {count:,} 个案件的结束早于开始；无法得出用时，凡需用时之处均略去。",
    ),
    "log_note_all_closed": (
        "Nothing says which cases are still open: every case counts as closed with its last event. To say it: "
        "--case-end, --closed-by or --state with --closed-state.",
        "日志未说明哪些案件未结：每个案件均按最后一个事件时办结计。如需说明：--case-end、--closed-by，"
        "或 --state 与 --closed-state。",
    ),
    "log_note_few": (
        "Cases: {count:,}, fewer than {fewest}: too few to tell how far a mean would differ in other cases, so it "
        "stands without an interval.",
        "案件仅 {count:,} 个，不足 {fewest} 个，无从判断均值的误差，故不给出区间。",
    ),
    "log_note_beside_limit": (
        "Cases have deadlines of their own in '{column}', which decide whether they are late; {limit:g} days hold for "
        "those without one (--deadline none: for all), and their share beyond {limit:g} days stands beside.",
        "案件在“{column}”列有各自的时限，是否逾期以此为准；{limit:g} 天仅用于没有时限的案件"
        "（--deadline none 则用于全部），超过 {limit:g} 天的占比另列。",
    ),
}

MEASURES: dict[str, tuple[str, str]] = {
    "log_title": (
        "{name}: {cases:,} cases, {events:,} events, {units} units",
        "{name}：{cases:,} 个案件，{events:,} 个事件，{units} 个单位",
    ),
    "log_title_table": ("{name}: {cases:,} cases, {units} units", "{name}：{cases:,} 个案件，{units} 个单位"),
    "log_percentage": ("{value} %", "{value}%"),
    "log_measure": ("measure", "指标"),
    "log_handover_share": ("cases handed over at least once", "至少转手一次的案件占比"),
    "log_handovers_mean": ("hand-overs per case", "案均转手次数"),
    "log_ping_pong_share": ("cases that come back to a unit (ping-pong)", "退回原单位的案件占比（来回推转）"),
    "log_overdispersion": ("hand-overs per case: variance ÷ mean", "每案转手次数：方差 ÷ 均值"),
    "log_longer_by_handover": ("a case lasts longer with each hand-over, times", "每多一次转手，案件用时的倍数"),
    "log_circulating_days": ("circulating: days per case waiting for work", "流转：每案等待办理的天数"),
    "log_days_median": ("days until half of the cases are closed", "半数案件办结所需天数"),
    "log_days_p90": ("days until nine tenths are closed", "九成案件办结所需天数"),
    "log_sigma_log": ("spread of log days (σ)", "天数对数的标准差（σ）"),
    "log_late_share": ("closed after the deadline ÷ closed cases with one", "逾期办结 ÷ 有时限的已结案件"),
    "log_late_or_overdue_share": (
        "after the deadline, open cases too ÷ all cases with one",
        "逾期（含未结）÷ 有时限的全部案件",
    ),
    "log_over_limit_share": ("closed after {limit:g} days ÷ closed cases", "超过 {limit:g} 天办结 ÷ 已结案件"),
    "log_unit_days": ("days", "天"),
    "log_unit_times": ("", ""),
    "log_unit_cases": ("per case", "次/件"),
    "log_hazard_title": ("Chance of another hand-over", "再次转手的概率"),
    "log_so_far": ("hand-overs so far", "已转手次数"),
    "log_cases": ("cases", "案件数"),
    "log_share": ("share handed over again (%)", "再次转手的占比（%）"),
    "log_families_title": (
        "Days until closed: families fitted, open cases censored",
        "办结用时的分布拟合（未结案件按删失计）",
    ),
    "log_family": ("family", "分布"),
    "log_parameters": ("parameters", "参数"),
    "log_aic": ("AIC above the best", "AIC（与最优之差）"),
    "family_lognormal": ("lognormal", "对数正态"),
    "family_weibull": ("Weibull", "韦布尔"),
    "family_gamma": ("gamma", "伽马"),
    "family_exponential": ("exponential", "指数"),
    "log_mean_log": ("mean of log", "对数均值"),
    "log_shape": ("shape", "形状"),
    "log_scale": ("scale (days)", "尺度（天）"),
    "log_mean": ("mean (days)", "均值（天）"),
    "log_sigma": ("σ of log", "对数标准差"),
    "log_arrivals_title": ("Cases that begin, a day", "每日新增案件"),
    "log_weekday": ("day of the week", "星期"),
    "log_per_day": ("cases a day", "件/日"),
    "log_any_day": ("all days", "全部"),
    "weekday_0": ("Monday", "周一"),
    "weekday_1": ("Tuesday", "周二"),
    "weekday_2": ("Wednesday", "周三"),
    "weekday_3": ("Thursday", "周四"),
    "weekday_4": ("Friday", "周五"),
    "weekday_5": ("Saturday", "周六"),
    "weekday_6": ("Sunday", "周日"),
    "log_outcomes_title": (
        "Outcomes of the run ({regime}, seed {seed}) by the model's own definitions, from its events",
        "该次模拟（{regime}，随机种子 {seed}）的模型指标，按模型自身定义由事件得出",
    ),
}

SENTENCES: dict[str, tuple[str, str]] = {
    "log_said_passing": (
        "{share} of the cases were handed over at least once, {mean} times on average; in {back} a unit had the case "
        "again after another had held it.",
        "{share}的案件至少转手一次，平均 {mean} 次；{back}的案件在他单位经手后又回到原单位。",
    ),
    "log_said_hazard_rising": (
        "A case that was handed over is handed over once more with a chance of {again}; the first time it was {first}: "
        "one hand-over goes with the next.",
        "已转手的案件再次转手的概率为 {again}，首次转手为 {first}：转手往往接连发生。",
    ),
    "log_said_hazard_falling": (
        "A case that was handed over is handed over once more with a chance of {again}; the first time it was {first}: "
        "hand-overs end soon.",
        "已转手的案件再次转手的概率为 {again}，首次转手为 {first}：转手很快终止。",
    ),
    "log_said_hazard_unclear": (
        "A case that was handed over is handed over once more with a chance of {again}; the first time it was {first}: "
        "not clearly different.",
        "已转手的案件再次转手的概率为 {again}，首次转手为 {first}：差异不明确。",
    ),
    "log_said_concentration": (
        "The tenth of the {units:,} units that hand over most make {passes} of all hand-overs; they received "
        "{received} of all cases received.",
        "在 {units:,} 个单位中，转手最多的一成占全部转手的 {passes}；其接收的案件占全部接收量的 {received}。",
    ),
    "log_said_longer": (
        "Each hand-over goes with a case {factor} times as long ({low} … {high}): an association, not a cause.",
        "每多一次转手，案件用时为原来的 {factor} 倍（{low} … {high}）：仅为相关，并非因果。",
    ),
    "log_said_days": (
        "Half of the cases are closed within {median} days, nine tenths within {p90}; {open:,} are open and count as "
        "lasting longer than they have (Kaplan–Meier).",
        "半数案件在 {median} 天内办结，九成在 {p90} 天内；{open:,} 件未结，按“至今仍未结束”计入（Kaplan–Meier）。",
    ),
    "log_said_family": (
        "Of four families, {best} fits the days best; {second} follows, {gap} AIC behind, and {exponential} is {far} "
        "behind: {memory}.",
        "四种分布中，{best}分布拟合最好；其次为{second}（AIC 高 {gap}），{exponential}分布高 {far}：{memory}。",
    ),
    "log_memory": ("cases are not closed as a memoryless queue would", "办结过程不同于无记忆的排队"),
    "log_memoryless": ("a memoryless queue would do as well", "与无记忆的排队无明显差别"),
    "log_said_late": (
        "{late} of the closed cases with a deadline were closed after it; with open cases that are overdue, {overdue}.",
        "有时限的已结案件中 {late} 逾期办结；计入已逾期的未结案件后为 {overdue}。",
    ),
    "log_said_over_limit": (
        "{share} of all closed cases took longer than {limit:g} days.",
        "全部已结案件中 {share} 用时超过 {limit:g} 天。",
    ),
    "log_said_circulating": (
        "A case circulates for {days} days on average before somebody works on it: from its first event, or from a "
        "hand-over, to the next event of work, or to its last event.",
        "案件平均流转 {days} 天才有人办理：自首个事件或转手起，至下一个办理事件或最后一个事件止。",
    ),
    "log_said_arrivals": (
        "{per_day} cases begin a day, over {days:,} days; variance ÷ mean of the daily counts is {dispersion} (1 for "
        "independent arrivals at an even rate), {within} within days of the week; weekends have {weekend} of a week's "
        "cases.",
        "{days:,} 天内平均每日新增 {per_day} 件；日计数的方差 ÷ 均值为 {dispersion}（均匀独立到达时为 1），"
        "扣除星期规律后为 {within}；周末占一周案件的 {weekend}。",
    ),
    "log_definitions": (
        "A hand-over: two consecutive events of one case with different units. Ping-pong: a unit appears again after "
        "another held the case. σ: standard deviation of log days, of closed cases that lasted longer than 0 days. "
        "Days of the calendar are those written in the log. Intervals: 95 %, cases taken as independent; a mean over "
        "fewer than {fewest} cases or days has none.",
        "转手：同一案件相邻两个事件的单位不同。来回推转：他单位经手后原单位再次出现。"
        "σ：用时大于 0 天的已结案件天数对数的标准差。"
        "日期以日志所写为准。区间均为 95%，视各案件相互独立；不足 {fewest} 个案件或天数的均值不给区间。",
    ),
    "log_own_definitions": (
        "The model's outcomes count otherwise: passes, not changes of unit, among cases that were ever offered to a "
        "department; days from the report to the real closure; cases of the observed window alone. So "
        "`passes_per_case` is not `handovers_mean`, `ping_pong_share` of the run is not that of the log, and so on.",
        "模型指标的口径不同：计推诿次数而非单位变化，仅限曾交部门的案件；用时自诉求登记至实际办结；仅计观察期内的案件。"
        "因此 `passes_per_case` 不等于 `handovers_mean`，模拟的 `ping_pong_share` 也不等于日志的同名指标，余类推。",
    ),
    "log_written": ("tables and figures: {folder}", "表格与图：{folder}"),
    "log_warning": (
        "These are measures of this log, and no forecast for Chaoyang.",
        "以上为该日志的度量，不是对朝阳区的预测。",
    ),
}

FIGURES: dict[str, tuple[str, str]] = {
    "log_days_figure": ("{name}: how long cases take", "{name}：案件用时"),
    "log_days_axis": ("days since the case began", "案件开始后的天数"),
    "log_still_open": ("cases still open (%)", "尚未办结的案件占比（%）"),
    "log_observed": ("observed (Kaplan–Meier, 95 % band)", "观测（Kaplan–Meier，95% 区间带）"),
    "log_density_axis": ("closed cases (% for each tenfold of days)", "已结案件占比（%，每十倍天数）"),
    "log_density_title": ("Distribution of log days", "天数对数的分布"),
    "log_survival_title": ("Share still open", "未结占比"),
    "log_histogram": ("closed cases; {share} % took less than the first bar", "已结案件（{share}% 用时短于首柱）"),
    "log_hazard_figure": (
        "{name}: does a hand-over make another one likelier?",
        "{name}：转手是否使再次转手更有可能？",
    ),
    "log_even": ("the same at every step: {share}", "各步均同：{share}"),
    "log_concentration_figure": ("{name}: who hands over", "{name}：谁在转手"),
    "log_units_axis": ("units, those with the fewest hand-overs first (%)", "单位，转手最少者在前（%）"),
    "log_handovers_axis": ("hand-overs made (%)", "转出次数占比（%）"),
    "log_made": ("hand-overs made", "转出次数"),
    "log_received": ("cases received by the same units", "同样单位接收的案件"),
    "log_equal": ("all units alike", "各单位相同"),
    "log_arrivals_figure": ("{name}: when cases begin", "{name}：案件何时开始"),
    "log_weeks_axis": ("date", "日期"),
    "log_weekly": ("cases a day, mean of each week", "每日案件数，按周平均"),
    "log_rhythm_title": ("Rhythm of the week", "星期规律"),
    "log_figure_note": (
        "A measure of this log, and no forecast for Chaoyang. 95 % intervals, cases (or days) taken as independent.",
        "仅为该日志的度量，不是对朝阳区的预测。所示为 95% 区间，视各案件（或各日）相互独立。",
    ),
}

REALLOG: dict[str, tuple[str, str]] = {**NOTES, **MEASURES, **SENTENCES, **FIGURES}
"""By key: English and Chinese."""
