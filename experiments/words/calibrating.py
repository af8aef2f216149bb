"""Words of calibrations."""

from __future__ import annotations

__all__ = ["CALIBRATING"]

CALIBRATING: dict[str, tuple[str, str]] = {
    "calibrate_title": ("What the targets say about each parameter", "观测数据对各参数说明了什么"),
    "calibrate_title_best": ("The point nearest to the targets", "与观测数据最接近的参数取值"),
    "calibrate_caption": (
        "95 % intervals. Spread: standard deviation after the fit ÷ before it (of the logarithm, where the prior is "
        "even in it). Identified: up to {identified}; weakly: up to {weakly}; above, the data say "
        "little about it alone. Explained: share of its variance that the targets together, known without error, "
        "explain over the first round; where it is high and the spread hardly falls, tolerances are too wide.",
        "均为 95% 区间。离散度之比：拟合后标准差 ÷ 拟合前标准差（先验在对数上均匀的，取对数）。"
        "不超过 {identified} 为“可识别”，不超过 {weakly} 为“弱识别”，更高则数据对该参数本身几乎没有说明什么。"
        "可解释：若各目标毫无误差，它们合起来在第一轮中能解释该参数方差的比例；比例高而离散度几乎不降，说明容差太宽。",
    ),
    "calibrate_caption_best": (
        "Interval: values at which the best sum of squared misses, luck added to the tolerances, is at most 3.84 above "
        "the least one found; it is as good as the search has been there. Width: of this interval ÷ of the prior's "
        "95 % interval. Identified: up to {identified}; weakly: up to {weakly}. Explained: share of its variance that "
        "the targets together, known without error, explain over the first batch.",
        "区间：使误差平方和（容差中计入随机性）的最小值至多比全局最小值高 3.84 的取值范围；"
        "其可靠程度取决于搜索是否充分。"
        "宽度之比：该区间 ÷ 先验 95% 区间。不超过 {identified} 为“可识别”，不超过 {weakly} 为“弱识别”。"
        "可解释：若各目标毫无误差，它们合起来在第一批中能解释该参数方差的比例。",
    ),
    "calibrate_parameter": ("parameter", "参数"),
    "calibrate_prior": ("before the fit", "拟合前"),
    "calibrate_median": ("after: median", "拟合后：中位数"),
    "calibrate_interval": ("after: 95 % interval", "拟合后：95% 区间"),
    "calibrate_best": ("best", "最优取值"),
    "calibrate_profile_interval": ("interval of the profile", "剖面区间"),
    "calibrate_ratio": ("spread, after ÷ before", "离散度之比"),
    "calibrate_width": ("width, after ÷ before", "宽度之比"),
    "calibrate_pull": ("explained by exact targets", "目标无误差时可解释"),
    "calibrate_verdict": ("identified?", "能否识别"),
    "calibrate_identified": ("identified", "可识别"),
    "calibrate_weakly": ("weakly identified", "弱识别"),
    "calibrate_not": ("not identified", "不可识别"),
    "calibrate_undecided": ("too few sets", "样本不足"),
    "calibrate_targets": (
        "Does the fitted model give back what was observed? With luck that the fit has not seen",
        "拟合后的模型能否再现观测值？（所用随机性未参与拟合）",
    ),
    "calibrate_targets_caption": (
        "Predicted: median (95 % interval) of {draws} draws. p: twice the share of draws beyond the observed value. "
        "Luck: standard deviation that luck alone gives. Near: not inside the interval, yet within two tolerances of "
        "the median. Held out: not used in the fit.",
        "预测：{draws} 次抽取的中位数（95% 区间）。p：超出观测值的抽取占比的两倍。"
        "随机性：仅由随机性造成的标准差。“接近”：不在区间内，但与中位数相差不超过两倍容差。“留出”：未用于拟合。",
    ),
    "calibrate_target": ("target", "目标"),
    "calibrate_held_out_name": ("{name}, held out", "{name}，留出"),
    "calibrate_observed": ("observed", "观测值"),
    "calibrate_tolerance": ("tolerance ±", "容差 ±"),
    "calibrate_predicted": ("predicted", "预测值"),
    "calibrate_p": ("p", "p"),
    "calibrate_luck": ("luck ±", "随机性 ±"),
    "calibrate_met": ("met?", "是否命中"),
    "calibrate_check_covered": ("covered", "覆盖"),
    "calibrate_check_near": ("near", "接近"),
    "calibrate_check_missed": ("missed", "未命中"),
    "calibrate_check_undefined": ("undefined", "无定义"),
    "calibrate_recovery": (
        "Would such targets tell, if the model were true? Known values, fitted from what they produce",
        "若模型为真，这类数据能否说明问题？用已知取值的模拟结果反推该取值",
    ),
    "calibrate_recovery_caption": (
        "Of {asked} sets drawn from the prior, the {truths} whose targets are all defined, with the error that the "
        "tolerances grant. Error: root mean square of the median ÷ standard deviation of the true values; 1 is what "
        "knowing nothing gives. Coverage: how often the 95 % "
        "interval holds the true value. Ranks: p-value of the true values lying evenly within what was found for them; "
        "below 0.01, intervals are not to be trusted.",
        "从先验中抽取 {asked} 组取值，用其中目标均有定义的 {truths} 组，并加入容差所允许的误差。"
        "误差：中位数的均方根误差 ÷ 真值的标准差；"
        "一无所知时为 1。覆盖率：95% 区间包含真值的比例。"
        "秩：真值在后验中的位置是否均匀的 p 值；低于 0.01 则区间不可信。",
    ),
    "calibrate_correlation": ("true and recovered: correlation", "真值与反推值的相关"),
    "calibrate_error": ("error", "误差"),
    "calibrate_coverage": ("coverage of the interval", "区间覆盖率"),
    "calibrate_ranks": ("ranks: p", "秩检验 p"),
    "calibrate_size": (
        "{sets:,} parameter sets in {rounds} rounds; the nearest misses the targets by {best} tolerances (root mean "
        "square). The nearest of many looks better than it is: the table of targets is of fresh luck.",
        "共 {rounds} 轮、{sets:,} 组参数；最接近的一组与目标相差 {best} 个容差（均方根）。"
        "多次尝试中最接近者看上去总比实际更好，上表的预测使用新的随机性。",
    ),
    "calibrate_measured": (
        "Measured from {file} (SHA-256 {hash}…): {names}.",
        "由 {file} 测得（SHA-256 {hash}…）：{names}。",
    ),
    "calibrate_rejected": (
        "Rejected: {rejected} of {sets} sets, in which a run failed or a target was undefined.",
        "{sets} 组中有 {rejected} 组被剔除，因为模拟失败或目标无定义。",
    ),
    "calibrate_effective": (
        "The tolerances hold as granted; {effective} effective sets carry the result.",
        "容差按设定成立；结果由 {effective} 组有效样本支撑。",
    ),
    "calibrate_widened": (
        "Within the tolerances as granted too few sets count; they were widened by {widening} to leave {effective} "
        "effective ones. Either the model cannot meet all targets at once, or more rounds or sets are needed.",
        "在设定的容差内有效样本太少；已将容差放大 {widening} 倍，以保留 {effective} 组有效样本。"
        "要么模型不能同时满足全部目标，要么需要更多轮次或样本。",
    ),
    "calibrate_least_wrong": (
        "A fitted target is missed, so what is narrowed is where the model is least wrong, not where it is right.",
        "有拟合目标未命中，因此缩小的范围只是模型“错得最少”之处，而非正确之处。",
    ),
    "calibrate_says_identified": ("Identified: {names}.", "可识别：{names}。"),
    "calibrate_says_weakly": ("Weakly identified: {names}.", "弱识别：{names}。"),
    "calibrate_says_not": (
        "Not identified, so that what was assumed goes on to be assumed: {names}.",
        "不可识别，原先的假设仍只是假设：{names}。",
    ),
    "calibrate_says_idle": (
        "Over the {sets} sets of the first round no combination of the fitted targets follows it visibly, so such data "
        "can hardly tell it (do the rules use it?): {names}.",
        "在第一轮 {sets} 组取值中，拟合目标的任何组合都没有随之明显变化，"
        "因此这类数据几乎无从确定它（该制度是否用到它？）：{names}。",
    ),
    "calibrate_says_undecided": (
        "Too few sets carry the result for a verdict: {names}. The targets cannot be met, or too few sets were run.",
        "有效样本不足，无法判断：{names}。要么目标无法满足，要么样本太少。",
    ),
    "calibrate_says_one_sided": (
        "{name}: the data bound it on one side only; its other end is where the prior ends.",
        "{name}：数据只限定了一侧，另一侧仍是先验的边界。",
    ),
    "calibrate_entangled": (
        "Hard to tell apart: {first} and {second} (posterior correlation {strength}); what the data tell is one "
        "combination of both.",
        "难以区分：{first}与{second}（后验相关 {strength}）；数据只说明了两者的一种组合。",
    ),
    "calibrate_missed": (
        "Could not be fitted: {name}, observed {observed}, predicted {predicted}.",
        "无法拟合：{name}，观测值 {observed}，预测值 {predicted}。",
    ),
    "calibrate_near": (
        "Fitted within two tolerances only: {name}, observed {observed}, predicted {predicted}.",
        "仅在两倍容差内拟合：{name}，观测值 {observed}，预测值 {predicted}。",
    ),
    "calibrate_beyond": (
        "Out of reach: {name}, observed {observed}; all {sets} parameter sets gave {low} to {high}. The rules, "
        "what was set, or the bounds do not fit these data.",
        "超出模型所及：{name}，观测值 {observed}；全部 {sets} 组参数只给出 {low} 至 {high}。"
        "说明规则、固定的设定或边界与这份数据不符。",
    ),
    "calibrate_not_together": (
        "Within reach alone, not together with the other targets: {names}.",
        "单独可及，但不能与其他目标同时达到：{names}。",
    ),
    "calibrate_held_missed": (
        "Held out and not met: {name}, observed {observed}, predicted {predicted}.",
        "留出目标未命中：{name}，观测值 {observed}，预测值 {predicted}。",
    ),
    "calibrate_held_near": (
        "Held out and met within two tolerances only: {name}, observed {observed}, predicted {predicted}.",
        "留出目标仅在两倍容差内：{name}，观测值 {observed}，预测值 {predicted}。",
    ),
    "calibrate_undefined": (
        "{name}: undefined in {undefined} of {draws} draws.",
        "{name}：{draws} 次抽取中有 {undefined} 次无定义。",
    ),
    "calibrate_drowned": (
        "{name}: luck alone gives ± {luck}, more than half of the tolerance of {tolerance}; take more replicates or a "
        "larger demand.scale, or grant more.",
        "{name}：仅随机性就造成 ± {luck}，超过容差 {tolerance} 的一半；请增加重复次数或 demand.scale，或放宽容差。",
    ),
    "calibrate_no_recovery": (
        "Recovery of known values was asked for and could not be tested: in too few runs of the first round, or for "
        "too few known sets, are all fitted targets defined.",
        "已要求检验已知参数能否还原，但无法进行：首轮中全部拟合目标均有定义的模拟太少，或已知参数组太少。",
    ),
    "calibrate_caveat": (
        "A parameter that is fitted in this model, under its assumptions, is no measurement of the world: other "
        "mechanisms may give the same targets. No forecast for Chaoyang.",
        "在本模型及其假设下拟合出的参数不等于对现实的测量：其他机制也可能产生同样的数据。不是对朝阳区的预测。",
    ),
    "calibrate_note": (
        "95 % intervals. In this model, under its assumptions; no forecast for Chaoyang.",
        "所示为 95% 区间。仅为本模型在其假设下的结果，不是对朝阳区的预测。",
    ),
    "calibrate_joint_note": (
        "In this model, under its assumptions; no forecast for Chaoyang.",
        "仅为本模型在其假设下的结果，不是对朝阳区的预测。",
    ),
    "calibrate_profile_note": (
        "Each set with luck of its own. In this model, under its assumptions; no forecast for Chaoyang.",
        "每组取值的随机性各自独立。仅为本模型在其假设下的结果，不是对朝阳区的预测。",
    ),
    "calibrate_profile_note_best": (
        "All sets on the same luck. In this model, under its assumptions; no forecast for Chaoyang.",
        "各组取值使用相同的随机性。仅为本模型在其假设下的结果，不是对朝阳区的预测。",
    ),
    "calibrate_parameters_figure": (
        "Before and after the fit: which parameters the data narrow",
        "拟合前后：数据缩小了哪些参数的范围",
    ),
    "calibrate_prior_density": ("before the fit (prior)", "拟合前（先验）"),
    "calibrate_posterior_density": ("after the fit (posterior)", "拟合后（后验）"),
    "calibrate_95": ("after the fit: median and 95 % interval", "拟合后：中位数与 95% 区间"),
    "calibrate_best_interval": ("best point and interval of its profile", "最优取值及其剖面区间"),
    "calibrate_best_before": ("95 % interval before the fit", "拟合前 95% 区间"),
    "calibrate_panel": ("{verdict} (spread × {ratio})", "{verdict}（离散度 × {ratio}）"),
    "calibrate_density": ("relative frequency", "相对频率"),
    "calibrate_joint_figure": (
        "Which parameters the data cannot tell apart: sets after the fit, and their correlation",
        "数据难以区分哪些参数：拟合后的取值及其相关",
    ),
    "calibrate_drawn": ("a set drawn after the fit", "拟合后抽取的一组取值"),
    "calibrate_median_mark": ("median", "中位数"),
    "calibrate_profile_figure": (
        "How near the model can come to the targets, by the value of each parameter",
        "给定各参数取值时，模型最多能多接近目标",
    ),
    "calibrate_distance": ("distance (tolerances)", "距离（容差）"),
    "calibrate_each_set": ("one set", "一组取值"),
    "calibrate_best_in_part": ("best in a tenth of the prior", "先验每十分之一内的最优"),
    "calibrate_one_tolerance": ("one tolerance on average", "平均一个容差"),
    "calibrate_predictive_figure": (
        "What the fitted model predicts, beside what was observed: {draws} draws with fresh luck",
        "拟合后模型的预测与观测值：{draws} 次抽取，使用新的随机性",
    ),
    "calibrate_in_tolerances": ("predicted − observed (tolerances)", "预测值 − 观测值（容差）"),
    "calibrate_fitted": ("fitted: median and 95 % interval", "用于拟合：中位数与 95% 区间"),
    "calibrate_held": ("held out: median and 95 % interval", "留出：中位数与 95% 区间"),
    "calibrate_granted": ("one and two tolerances", "一倍与两倍容差"),
    "calibrate_observed_line": ("observed", "观测值"),
    "unit_log-odds": ("log-odds", "对数几率"),
    "unit_log-odds per unit of weight": ("log-odds per unit of weight", "单位权重的对数几率"),
    "unit_log weight": ("log weight", "权重的对数"),
    "unit_membership": ("membership", "职责归属度"),
    "unit_work/hours": ("work/hours", "工作量/工时"),
    "unit_strength": ("strength", "强度"),
    "calibrate_native": ("{predicted}; observed {observed}", "{predicted}；观测 {observed}"),
    "calibrate_recovery_figure": (
        "Known values found again from what they produce: {truths} sets",
        "用已知取值的模拟结果反推该取值：{truths} 组",
    ),
    "calibrate_true": ("true: {name}", "真值：{name}"),
    "calibrate_found": ("recovered, with 95 % interval", "反推值及 95% 区间"),
    "calibrate_recovered": ("one known set: median and 95 % interval", "一组已知取值：中位数与 95% 区间"),
    "calibrate_outside": ("the interval does not hold the true value", "区间未包含真值"),
    "calibrate_same": ("recovered = true", "反推值 = 真值"),
    "calibrate_recovery_panel": (
        "correlation {correlation}, error {error}, coverage {coverage}",
        "相关 {correlation}，误差 {error}，覆盖率 {coverage}",
    ),
}
"""By key: English and Chinese."""
