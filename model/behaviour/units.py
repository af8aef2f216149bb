"""How units answer, accept, route, work and send down."""

from dataclasses import dataclass

from model.parameter import parameter

# A declaration takes two or three lines here; the formatter would make nine of it.
# fmt: off


@dataclass(frozen=True)
class Acceptance:
    """Rule 1: accept the slot or pass it on; answer or not; show up or not."""

    in_force: bool = parameter(True, unit="switch", source="off in the queueing null",
        meaning="Units choose; off: everyone accepts and comes.", zh="是否存在选择行为")
    intercept: float = parameter(0.6, unit="log-odds", bounds=(-10.0, 10.0), row="P6", plausible=(-2.0, 1.0),
        meaning="Readiness to accept a case nobody claims (b0).", zh="接单基准倾向")
    tempers: float = parameter(0.8, unit="log-odds", bounds=(0.0, 5.0), row="P6",
        source="Downs 1967: zealots to conservers; assumption", plausible=(0.0, 1.5),
        meaning="Spread of departments' own readiness to accept, drawn once a run, the same under every regime.",
        zh="各部门接单倾向的差异")
    membership: float = parameter(3.5, unit="log-odds", bounds=(0.0, 20.0), row="P6",
        source="Downs 1967; size is an assumption", plausible=(1.0, 6.0),
        meaning="Weight of the unit's own claim on the case (beta).", zh="职责归属权重")
    overlap: float = parameter(1.0, unit="log-odds", bounds=(0.0, 10.0), row="P6",
        source="Downs 1967; size is an assumption", plausible=(0.0, 2.0),
        meaning="Reluctance where another unit claims as much (b_o).", zh="职责重叠的阻力")
    load: float = parameter(2.5, unit="log-odds", bounds=(0.0, 10.0), row="P1",
        source="assumption; at 0.8 the readiest departments drowned in others' cases (200 days of backlog)",
        plausible=(0.0, 4.0),
        meaning="Reluctance of a unit with an endless backlog; half of it at the reference (b_L).", zh="工作负荷的阻力")
    load_reference: float = parameter(5.0, unit="days of backlog", bounds=(0.1, 365.0), row="P1",
        plausible=(2.0, 20.0), meaning="Backlog at which the reluctance has half its largest size.", zh="负荷参照")
    stake: float = parameter(4.0, unit="log-odds per unit of weight", bounds=(0.0, 50.0), row="R1",
        plausible=(0.0, 10.0),
        meaning="Pull of the streets' effective weight on one more case.", zh="考核利害的拉力")
    attention: float = parameter(12.0, unit="cases/month", bounds=(0.1, 10_000.0), row="N10", plausible=(3.0, 50.0),
        meaning="Cases a month from one street at which each counts half in the score, at full scale.",
        zh="考核边际递减参照")
    pressure: float = parameter(1.5, unit="log-odds", bounds=(0.0, 10.0), row="R3", plausible=(0.0, 3.0),
        meaning="Pull of being pressed by supervision.", zh="督办压力的拉力")
    blame: float = parameter(1.4, unit="log-odds", bounds=(0.0, 10.0), row="P6",
        source="Weaver 1986: above 1; size is an assumption", plausible=(1.0, 3.0),
        meaning="Fear of taking over a case that has already gone wrong (kappa).", zh="避责")
    blame_late: float = parameter(0.5, unit="share", bounds=(0.0, 1.0), row="P6", plausible=(0.2, 0.8),
        meaning="Part of the blame that comes of being late; the rest comes of having been passed on.",
        zh="避责中逾期所占比重")
    answering: float = parameter(2.2, unit="log-odds", bounds=(-10.0, 10.0), row="P8", plausible=(1.0, 4.0),
        meaning="Readiness to answer at all.", zh="应答基准倾向")
    showing_up: float = parameter(1.2, unit="log-odds", bounds=(-10.0, 10.0), row="R11", plausible=(0.0, 3.0),
        meaning="Readiness to come after having accepted joint work.", zh="到场基准倾向")
    absent_days: float = parameter(3.0, unit="days", bounds=(0.1, 60.0), row="R11", plausible=(2.0, 10.0),
        meaning="Days until an absent party is expected again.", zh="缺席后再次召集间隔")
    stationed: float = parameter(0.5, unit="log-odds", bounds=(-20.0, 20.0), row="R6", plausible=(-1.0, 2.0),
        meaning="Readiness of a platform team to take up what its street asks.", zh="派驻队伍接单基准倾向")
    appointment: float = parameter(2.0, unit="log-odds", bounds=(0.0, 20.0), row="R4", plausible=(0.0, 3.0),
        meaning="Pull of the right to suggest appointments on people stationed in streets.", zh="人事建议权的拉力")
    budget: float = parameter(1.0, unit="log-odds", bounds=(0.0, 20.0), row="N3", plausible=(0.0, 2.0),
        meaning="Pull of the right to suggest budgets on people stationed in streets.", zh="预算建议权的拉力")
    reward: float = parameter(0.8, unit="log-odds", bounds=(0.0, 20.0), row="N14", plausible=(0.0, 2.0),
        meaning="Pull of full rewards on answering, accepting and coming.", zh="奖励的拉力")


@dataclass(frozen=True)
class Routing:
    """Rule 2: to whom a case goes, in the sender's eyes."""

    noise: float = parameter(0.10, unit="membership", bounds=(0.01, 10.0), row="P6",
        source="14 % misrouting (Guangzhou Baiyun); assumption", plausible=(0.05, 0.5),
        meaning="Error in perceiving who is responsible.", zh="职责认知噪声")
    known_refusal: float = parameter(0.5, unit="membership", bounds=(0.0, 2.0), row="P6",
        source="assumption, chosen with S2 in view", plausible=(0.0, 0.5),
        meaning="How much less responsible a unit looks that was asked before: the file shows it.",
        zh="曾拒接单位的折扣")
    clarity_gain: float = parameter(0.5, unit="share", bounds=(0.0, 0.95), row="R8a", plausible=(0.0, 0.8),
        meaning="Share of that error which a fully clear duty list takes away.", zh="清单降低噪声的比例")
    territorial_floor: float = parameter(0.25, unit="membership", bounds=(0.0, 1.0), row="P2",
        plausible=(0.0, 0.6),
        meaning="What the street is held to on its own ground, whatever the list says.", zh="属地管理底线")
    data_gain: float = parameter(0.4, unit="share", bounds=(0.0, 0.95), row="N9", plausible=(0.0, 0.7),
        meaning="Share of the error in perceiving who is responsible that integrated data takes away.",
        zh="数据融合降低噪声的比例")
    astray: float = parameter(1.0, unit="share", bounds=(0.0, 1.0), row="P6", source="by definition; assumption",
        plausible=(0.0, 1.0),
        meaning="Misaddressed whistles that really pass over the unit most responsible; the rest go to whoever looks "
        "responsible, mostly that unit itself.", zh="派错的哨单中确实漏过主责单位的比例")


@dataclass(frozen=True)
class Effort:
    """Rule 3: how a department's hours are split, and how load changes speed."""

    statutory_share: float = parameter(0.4, unit="share of hours", bounds=(0.0, 1.0), row="P3a",
        plausible=(0.1, 0.7),
        meaning="Hours that go to citizens' cases whatever the weight, by statute.", zh="法定办案时间比例")
    elasticity: float = parameter(1.0, unit="1", bounds=(0.1, 5.0), row="R1",
        source="Holmström & Milgrom 1991; size is an assumption", plausible=(0.5, 2.0),
        meaning="How sharply effort follows the weight (eta).", zh="努力对权重的弹性")
    dilution: float = parameter(0.2, unit="1", bounds=(0.0, 2.0), row="N8a", plausible=(0.0, 0.5),
        meaning="Exponent by which the number of indicators dilutes each weight.", zh="指标稀释指数")
    hurry: float = parameter(0.1, unit="share of speed", bounds=(0.0, 1.0), row="P1",
        source="Kc & Terwiesch 2009; assumption", plausible=(0.0, 0.2), meaning="Gain of speed when busy.",
        zh="忙时提速")
    fatigue: float = parameter(0.2, unit="share of speed", bounds=(0.0, 0.9), row="P1",
        source="Delasay et al. 2016; assumption", plausible=(0.0, 0.4),
        meaning="Loss of speed after sustained overwork.", zh="持续超负荷降速")
    memory: float = parameter(30.0, unit="days", bounds=(1.0, 365.0), row="P1", plausible=(10.0, 60.0),
        meaning="Days over which overwork is felt.", zh="疲劳记忆")


@dataclass(frozen=True)
class Teamwork:
    """Rule 4: moral hazard in teams."""

    free_riding: float = parameter(0.5, unit="exponent", bounds=(0.0, 3.0), row="P4",
        source="Holmström 1982; size is an assumption", plausible=(0.0, 1.0),
        meaning="Exponent by which shared credit lowers daily hours per party (alpha).", zh="搭便车指数")
    platform: float = parameter(0.5, unit="share of lost effort", bounds=(0.0, 1.0), row="R6",
        plausible=(0.0, 0.8),
        meaning="Share of the effort lost in teams that a platform with all stationable people restores.",
        zh="综合执法平台恢复协作投入的比例")
    pair_work: float = parameter(0.02, unit="person-days", bounds=(0.0, 1.0), row="N5", plausible=(0.0, 0.1),
        meaning="Work of a party for coordinating with each other party of a joint case.", zh="每对单位的协调工作量")


@dataclass(frozen=True)
class SendingDown:
    """Rule 6: what departments do with unfinished programmes."""

    hold: float = parameter(0.6, unit="share of shortfall", bounds=(0.0, 1.0), row="P5",
        source="Zhou 2014; size is an assumption", plausible=(0.2, 0.9),
        meaning="Share of the shortfall a department sends down while it alone assesses the street.", zh="向下发包比例")
    most: float = parameter(0.5, unit="share of a day", bounds=(0.0, 1.0), row="P5", plausible=(0.2, 0.8),
        meaning="Largest part of a street's day that work sent down takes while cases wait.", zh="下派任务占用上限")
    community_part: float = parameter(0.5, unit="share", bounds=(0.0, 1.0), row="P5", plausible=(0.2, 0.8),
        meaning="Part of it that the street sends on to its communities.", zh="再下派社区比例")
    inspection_work: float = parameter(0.05, unit="person-days/month", bounds=(0.0, 5.0), row="P3b",
        plausible=(0.0, 0.5),
        meaning="Work of a street on inspections and forms for each indicator that it is assessed by, at full scale.",
        zh="每项考核指标每月用于迎检、填表的工作量")
    ranking: float = parameter(0.5, unit="share", bounds=(0.0, 1.0), row="E1", plausible=(0.0, 1.0),
        meaning="Share of the hours for work sent down that full pressure of the ranking gives back to cases.",
        zh="排名压力回流办案的比例")


@dataclass(frozen=True)
class Balance:
    """Rule 7: authority against responsibility."""

    epsilon: float = parameter(0.1, unit="1", bounds=(0.001, 1.0), row="P8", plausible=(0.05, 0.3),
        meaning="Small number that keeps the logarithm finite.", zh="平衡指数常数")
    inaction: float = parameter(0.8, unit="log-odds per unit of balance", bounds=(0.0, 10.0), row="P8",
        plausible=(0.0, 2.0), meaning="How much missing authority adds to inaction.", zh="权小于责时的不作为")
    arbitrary: float = parameter(-4.5, unit="log-odds", bounds=(-50.0, 10.0), row="P8", plausible=(-6.0, -3.0),
        meaning="Readiness to act arbitrarily when authority and responsibility match.", zh="乱作为基准倾向")
    arbitrary_excess: float = parameter(1.0, unit="log-odds per unit of balance", bounds=(0.0, 10.0), row="P8",
        plausible=(0.0, 2.0), meaning="How much excess authority adds to it.", zh="权大于责时的乱作为")
    oversight: float = parameter(2.0, unit="log-odds", bounds=(0.0, 10.0), row="P8", plausible=(0.0, 4.0),
        meaning="How much full oversight takes from it.", zh="监督的抑制")
    called_back: float = parameter(0.5, unit="share", bounds=(0.0, 1.0), row="P8", plausible=(0.2, 0.8),
        meaning="Oversight that calling back every closure gives, beside that of the assessment.",
        zh="逐件回访带来的监督")


@dataclass(frozen=True)
class Skill:
    """What people can do."""

    generalist_speed: float = parameter(0.65, unit="times a specialist's speed", bounds=(0.05, 2.0), row="N1",
        plausible=(0.4, 0.9),
        meaning="Speed of a street generalist on an enforcement case.", zh="街乡通才执法速度")
    local_speed: float = parameter(1.15, unit="times", bounds=(0.2, 5.0), row="P2", plausible=(1.0, 1.5),
        meaning="Speed of a street on ordinary cases, for it knows its ground.", zh="街乡本地知识提速")
    out_of_field: float = parameter(0.0, unit="share", bounds=(0.0, 0.95), row="P6",
        source="off by default; assumption", plausible=(0.0, 0.6),
        meaning="Speed that a department lacks on a case on which it has no claim, against the one most responsible; "
        "less, the stronger its claim.", zh="部门办理非本职诉求的降速比例")


@dataclass(frozen=True)
class Learning:
    """Rule 9, optional: trust of streets, propensities of departments; 0 is off."""

    trust: float = parameter(0.0, unit="log weight", bounds=(0.0, 10.0), row="",
        source="off by default; assumption", plausible=(0.0, 4.0),
        meaning="How strongly a street prefers units that it believes to come and solve.", zh="信任对派单的影响")
    memory: float = parameter(0.1, unit="share an experience", bounds=(0.001, 1.0), row="",
        plausible=(0.02, 0.3), meaning="Weight of the newest experience.", zh="学习速度")
    propensity: float = parameter(0.0, unit="log-odds", bounds=(0.0, 5.0), row="",
        source="Roth & Erev 1995; off by default; assumption", plausible=(0.0, 1.0),
        meaning="How strongly what paid before sways accepting or passing.", zh="倾向强化强度")
