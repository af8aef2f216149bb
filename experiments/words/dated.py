"""Words of shocks and dated reforms."""

from __future__ import annotations

__all__ = ["DATED"]

DATED: dict[str, tuple[str, str]] = {
    "dated_days_to_close_mean": ("mean days to close, of cases closed", "已办结案件平均办结天数"),
    "dated_period": (
        "periods of {days} days since the reform (0: the first under it)",
        "距改革的期数（每期 {days} 天，0 为改革后首期）",
    ),
    "dated_base": ("base period", "基期"),
    "dated_events_title": (
        "{measure}: event study beside the truth ({runs})",
        "{measure}：事件研究与真实效应对照（{runs}）",
    ),
    "dated_estimated": ("estimated from reformed against other streets", "估计：改革街乡对比其他街乡"),
    "dated_one_run": (
        "what one observer reports (first run, clustered 95 % interval)",
        "单一观察者所报告（首次模拟，按街乡聚类的 95% 区间）",
    ),
    "dated_on_reformed": ("true effect on reformed streets", "改革街乡的真实效应"),
    "dated_on_others": ("true spill-over on other streets", "对其他街乡的真实外溢"),
    "dated_everywhere": ("true effect if all streets were reformed", "若全部街乡改革的真实效应"),
    "dated_effect": ("effect ({unit})", "效应（{unit}）"),
    "dated_forest_title": (
        "{measure}: difference-in-differences against the truth, run by run",
        "{measure}：逐次模拟的双重差分估计与真实效应",
    ),
    "dated_run": ("run", "模拟序号"),
    "dated_holds": ("95 % interval holds the truth", "95% 区间包含真值"),
    "dated_misses": ("95 % interval misses the truth", "95% 区间未包含真值"),
    "dated_saturation_title": (
        "{measure}: direct effect and spill-over by share of streets reformed",
        "{measure}：按改革街乡比例的直接效应与外溢效应",
    ),
    "dated_saturation_x": ("share of streets reformed (%)", "改革街乡比例（%）"),
    "dated_direct": ("direct: reformed less other streets", "直接效应：改革街乡减其他街乡"),
    "dated_spill_over": ("spill-over on other streets", "外溢：对其他街乡"),
    "dated_total": ("total on reformed streets", "总效应：对改革街乡"),
    "dated_overall": ("overall: all streets of the district", "全区效应：所有街乡"),
    "dated_recovery_title": (
        "Open cases in excess of the same district without the shock ({pairs})",
        "未结件数：比无冲击的同一区多出的部分（{pairs}）",
    ),
    "dated_excess": ("excess of open cases", "多出的未结件数"),
    "dated_shock": ("shock", "冲击期"),
    "dated_recovers": ("{regime}: recovered after {days} days", "{regime}：{days} 天后恢复"),
    "dated_not_recovered": ("{regime}: not within {horizon} days", "{regime}：{horizon} 天内未恢复"),
    "dated_map_title": (
        "{measure}: bias of difference-in-differences ({unit})",
        "{measure}：双重差分的偏误（{unit}）",
    ),
    "dated_map_x": ("load ρ (work ÷ hours of all staff)", "总负荷 ρ（工作量 ÷ 全部工时）"),
    "dated_map_y": ("share of joint cases (%)", "联办案件占比（%）"),
    "dated_map_cell": ("{bias}\ncovers {coverage:.0f} %", "{bias}\n覆盖率 {coverage:.0f}%"),
    "dated_map_unclear": ("the bias's 95 % interval holds zero", "偏误的 95% 区间包含零"),
    "dated_no_forecast": (
        "In this model, under its assumptions; no forecast for Chaoyang.",
        "仅为本模型在其假设下的结果，不是对朝阳区的预测。",
    ),
    "dated_says_estimate": (
        "{measure}: an observer who compares reformed with other streets finds {estimate} {unit}; the true effect "
        "on the reformed streets is {reformed}, on the others {others}.",
        "{measure}：把改革街乡与其他街乡相比的观察者会得到 {estimate} {unit}；对改革街乡的真实效应为 {reformed}，对"
        "其他街乡为 {others}。",
    ),
    "dated_says_over": (
        "The estimate exaggerates the effect by {bias} {unit}: {spill} because other streets are touched as well, "
        "{drift} from paths that part by themselves, {timing} from timing (cases already open on the date; weights "
        "of several dates).",
        "估计夸大了效应 {bias} {unit}：其中其他街乡受波及 {spill}，自身走势不同 {drift}，时点（改革日尚未办结的案件"
        "及多个日期的权重）{timing}。",
    ),
    "dated_says_under": (
        "The estimate plays the effect down by {bias} {unit}: {spill} because other streets are touched as well, "
        "{drift} from paths that part by themselves, {timing} from timing (cases already open on the date; weights "
        "of several dates).",
        "估计低估了效应 {bias} {unit}：其中其他街乡受波及 {spill}，自身走势不同 {drift}，时点（改革日尚未办结的案件"
        "及多个日期的权重）{timing}。",
    ),
    "dated_says_unbiased": (
        "The bias, {bias} {unit}, is not clearly different from zero: {spill} because other streets are touched as "
        "well, {drift} from paths that part by themselves, {timing} from timing.",
        "偏误为 {bias} {unit}，与零没有明显差别：其中其他街乡受波及 {spill}，自身走势不同 {drift}，时点 {timing}。",
    ),
    "dated_says_coverage": (
        "The 95 % interval that the observer reports holds the true effect on the reformed in {coverage:.0f} % of "
        "{runs}.",
        "观察者报告的 95% 区间在{runs}中有 {coverage:.0f}% 包含对改革街乡的真实效应。",
    ),
    "dated_says_everywhere": (
        "If all streets were reformed, the true effect would be {everywhere} {unit}; the observer's interval holds "
        "it in {coverage:.0f} % of {runs}.",
        "若全部街乡改革，真实效应为 {everywhere} {unit}；观察者的区间在{runs}中有 {coverage:.0f}% 包含它。",
    ),
    "dated_says_pre_trend": (
        "The test for parallel paths before the reform rejects in {rejected:.0f} % of {runs}.",
        "改革前平行趋势检验在{runs}中有 {rejected:.0f}% 拒绝。",
    ),
    "dated_says_group_time": (
        "Group-time averages, which compare with streets not yet reformed alone, give {estimate} {unit}.",
        "仅与尚未改革的街乡相比的分组分时平均效应为 {estimate} {unit}。",
    ),
    "dated_says_weights": (
        "With several dates, some effects enter the estimate with negative weights, {weight:.2f} in all.",
        "由于改革日期不止一个，部分效应以负权重进入估计，合计 {weight:.2f}。",
    ),
    "dated_says_saturation": (
        "{measure}, {level:.0f} % of streets reformed: {total} {unit} on reformed streets, {spill} on others, "
        "{overall} on the district.",
        "{measure}，{level:.0f}% 街乡改革：改革街乡 {total} {unit}，其他街乡 {spill}，全区 {overall}。",
    ),
    "dated_says_step": (
        "Going from {before:.0f} % to {last:.0f} % of the streets changes the whole district by {step} {unit}.",
        "改革街乡比例由 {before:.0f}% 增至 {last:.0f}%，全区变化 {step} {unit}。",
    ),
    "dated_says_step_unclear": (
        "Going from {before:.0f} % to {last:.0f} % of the streets changes nothing clearly for the whole district "
        "({step} {unit}).",
        "改革街乡比例由 {before:.0f}% 增至 {last:.0f}%，全区没有明显变化（{step} {unit}）。",
    ),
    "dated_says_recovery": (
        "{regime}: at most {peak} cases more than without the shock, on day {day}; recovered after {days} days "
        "({low} to {high}); {case_days} case-days in all.",
        "{regime}：最多比无冲击时多 {peak} 件（第 {day} 天）；{days} 天后恢复（{low} 至 {high} 天）；累计 "
        "{case_days} 件·天。",
    ),
    "dated_says_no_recovery": (
        "{regime}: at most {peak} cases more than without the shock, on day {day}; not recovered within {horizon} "
        "days; {case_days} case-days by then.",
        "{regime}：最多比无冲击时多 {peak} 件（第 {day} 天）；{horizon} 天内未恢复；至此累计 {case_days} 件·天。",
    ),
    "dated_says_rule": (
        "Recovered: the mean excess stays within {tolerance:.0f} % of its peak for {days} days in a row.",
        "“恢复”指平均多出量连续 {days} 天不超过其峰值的 {tolerance:.0f}%。",
    ),
    "dated_beyond": ("beyond the horizon", "超出观察期"),
    "dated_says_map": (
        "{measure}: the bias is largest at load {load:.2f} with {joint:.0f} % joint cases: {bias} {unit}; smallest "
        "at load {least_load:.2f} with {least_joint:.0f} %: {least} {unit}.",
        "{measure}：负荷 {load:.2f}、联办占比 {joint:.0f}% 时偏误最大：{bias} {unit}；负荷 {least_load:.2f}、联办占"
        "比 {least_joint:.0f}% 时最小：{least} {unit}。",
    ),
}
"""By key: English and Chinese."""
