"""The uncertain facts: streets, departments, case kinds, demand, staff and its placement before the reform."""

from dataclasses import dataclass, field
from functools import partial

from model.parameter import parameter

MOST_PARTIES = 4  # a joint case has at most this many parties

_given = partial(parameter, source="district file")

# A declaration takes two or three lines here; the formatter would make nine of it.
# fmt: off


@dataclass(frozen=True)
class Title:
    """A name in Chinese and in English."""

    zh: str = ""
    en: str = ""


@dataclass(frozen=True)
class Street:
    """One subdistrict or township; lists of these come from the district file."""

    code: str = _given("", unit="word", meaning="Unit code.", zh="代码")
    title: Title = field(default_factory=Title)
    type: str = _given("subdistrict", unit="word", choices=("subdistrict", "township"),
        meaning="Subdistrict or township.", zh="街道或地区(乡)")
    population: int = _given(1, unit="residents", bounds=(0, 100_000_000), meaning="Residents; demand follows them.",
        zh="常住人口")
    area_km2: float = _given(0.0, unit="km²", bounds=(0.0, 1e6), meaning="Area.", zh="面积")
    communities: int = _given(0, unit="communities", bounds=(0, 10_000), meaning="Communities.", zh="社区数")
    villages: int = _given(0, unit="villages", bounds=(0, 10_000), meaning="Villages.", zh="村数")
    social_units: int | None = _given(None, unit="social units", bounds=(0, 1_000_000),
        meaning="Social units (enterprises, institutions, organisations), where known.", zh="社会单位数")
    lat: float | None = _given(None, unit="degrees", bounds=(-90.0, 90.0), meaning="Latitude.", zh="纬度")
    lon: float | None = _given(None, unit="degrees", bounds=(-180.0, 180.0), meaning="Longitude.", zh="经度")
    staff: int | None = _given(None, unit="persons", bounds=(0, 1_000_000),
        meaning="People, where given instead of derived.", zh="人员")
    community_staff: int | None = _given(None, unit="persons", bounds=(0, 1_000_000),
        meaning="People of its communities, where given.", zh="社区人员")
    evidence: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Department:
    """One department of the district with its city counterpart."""

    code: str = _given("", unit="word", meaning="Unit code; draws are keyed by it.", zh="代码")
    title: Title = field(default_factory=Title)
    city_title: Title = field(default_factory=Title)
    category: Title = field(default_factory=Title)
    """What it is called in place of its title, unless `run.real_names`: a kind of department rather than a real one."""
    sector: str = _given("", unit="word", meaning="Field of work.", zh="领域")
    enforcement: bool = _given(False, unit="switch", meaning="Holds enforcement power.", zh="有执法权")
    staff_weight: float = _given(1.0, unit="1", bounds=(0.0, 1e6),
        meaning="Relative size of old; part of the posts and of the programmes follow it.", zh="历史规模")
    programme_weight: float = _given(1.0, unit="1", bounds=(0.0, 1e6), meaning="Relative volume of line programmes.",
        zh="条线任务量")
    stationable: float = _given(0.0, unit="share of staff", factor=(0.5, 2.0), bounds=(0.0, 1.0),
        meaning="People who could be stationed in streets.", zh="可派驻比例")
    staff: int | None = _given(None, unit="persons", bounds=(0, 1_000_000),
        meaning="People, where given instead of derived.", zh="人员")
    city_staff: int | None = _given(None, unit="persons", bounds=(0, 1_000_000),
        meaning="People of the city counterpart, where given.", zh="市级人员")
    hands_over: dict[str, float] = field(default_factory=dict)
    """Chance that a case worked here then needs work of another department, by its code."""
    evidence: dict[str, str] = field(default_factory=dict)

    def named(self, run: "Run") -> Title:
        """Return what it is called: its category where it has one, unless real names are wanted."""
        return self.category if self._by_category(run) else self.title

    def city_named(self, run: "Run") -> Title:
        """Return what its city counterpart is called."""
        if self._by_category(run):
            return Title(zh=f"市级{self.category.zh}", en=f"{self.category.en} (city)")
        return self.city_title

    def _by_category(self, run: "Run") -> bool:
        return bool(self.category.zh and self.category.en) and not run.real_names


@dataclass(frozen=True)
class Duties:
    """Membership 0-1 of the street ("street") and of departments by code; unlisted is 0.

    `diffuse` holds before the duty list, `sharp` with a fully clear one.
    """

    diffuse: dict[str, float] = field(default_factory=dict)
    sharp: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """One case kind."""

    code: str = _given("", unit="word", meaning="Code; draws are keyed by it.", zh="代码")
    title: Title = field(default_factory=Title)
    share: float = _given(1.0, unit="share of requests", bounds=(0.0, 1.0), meaning="Share of requests.", zh="诉求占比")
    season: tuple[float, ...] = _given((1.0,) * 12, unit="times the mean, by month", bounds=(0.0, 100.0), length=12,
        meaning="Monthly level.", zh="月度系数")
    work_days: float = _given(0.5, unit="person-days", factor=(0.5, 2.0), bounds=(0.0, 1000.0),
        meaning="Mean intrinsic work.",
        zh="平均工作量")
    work_sigma: float = _given(0.9, unit="log person-days", factor=(0.8, 1.25), bounds=(0.0, 3.0),
        meaning="Spread of log work.",
        zh="工作量对数标准差")
    waiting_days: float = _given(0.0, unit="days", factor=(0.5, 2.0), bounds=(0.0, 365.0),
        meaning="Mean wait that needs no staff: notice periods, appointments, access, material, compliance.",
        zh="等待时间（通知期、预约、材料等，不占人力）")
    waiting_sigma: float = _given(0.0, unit="log days", factor=(0.7, 1.4), bounds=(0.0, 3.0),
        meaning="Spread of the log of that wait.",
        zh="等待时间对数标准差")
    deadline: str = _given("normal", unit="word", choices=("emergency", "utilities", "normal", "complex"),
        meaning="Deadline class.", zh="时限类别")
    enforcement: float = _given(0.0, unit="share", factor=(0.5, 1.6), bounds=(0.0, 1.0),
        meaning="Share that needs enforcement power.",
        zh="需执法权比例")
    joint: float = _given(0.0, unit="share", factor=(0.5, 2.5), bounds=(0.0, 1.0),
        meaning="Share that needs several parties.",
        zh="需联合比例")
    parties: float = _given(2.0, unit="parties", bounds=(2.0, float(MOST_PARTIES)),
        meaning="Mean parties of a joint case.", zh="联办平均方数")
    hidden: float = _given(0.0, unit="share", factor=(0.5, 2.0), bounds=(0.0, 0.95),
        meaning="Share of problems not reported when born.",
        zh="隐患比例")
    stake: float = _given(0.5, unit="0-1", factor=(0.6, 1.5), bounds=(0.0, 1.0), meaning="Mean severity.",
        zh="严重程度")
    recur_control: float = _given(0.0, unit="share", factor=(0.5, 2.0), bounds=(0.0, 1.0),
        meaning="Recurrence when closed by control.",
        zh="管控复发率")
    recur_cogovernance: float = _given(0.0, unit="share", factor=(0.5, 2.0), bounds=(0.0, 1.0),
        meaning="Recurrence when closed with residents.", zh="共治复发率")
    member_units: float = _given(0.0, unit="share of work", factor=(0.5, 2.0), bounds=(0.0, 1.0),
        meaning="Share of the work that a member unit could take over.", zh="成员单位可分担的工作比例")
    channels: dict[str, float] = field(default_factory=dict)
    """How often each channel of participation (R12) brings this kind, against others; unlisted is 1."""
    on_the_spot: bool = _given(False, unit="switch",
        meaning="On the list of duties that enforcement units must send down.", zh="列入需下沉的责任清单")
    duties: Duties = field(default_factory=Duties)
    evidence: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DutyEntry:
    """One entry that the street's duty list adds or takes off (加减法): a unit's claim on a case kind."""

    code: str = _given("", unit="word", meaning="Code.", zh="代码")
    title: Title = field(default_factory=Title)
    kind: str = _given("", unit="word", meaning="Case kind, by its code.", zh="事项类别代码")
    unit: str = _given("street", unit="word", meaning="The street (street), or a department by its code.",
        zh="单位代码（街乡为 street）")
    membership: float = _given(0.0, unit="0-1", bounds=(0.0, 1.0),
        meaning="Claim that the list gives the unit: 0 takes the entry off, more adds it or sets it to that.",
        zh="清单核定的归属度（0 为减，大于 0 为增或改）")
    hours: bool = _given(False, unit="switch", meaning="The hours that the entry needs come along.", zh="人随事走")
    evidence: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Shock:
    """What befalls the district for some days: other demand, fewer posts."""

    code: str = _given("", unit="word", meaning="Code.", zh="代码")
    title: Title = field(default_factory=Title)
    day: int = _given(0, unit="day of the run", bounds=(0, 1_000_000),
        meaning="First day; day 0 is the first of the warm-up.", zh="起始日")
    days: int = _given(30, unit="days", bounds=(1, 1_000_000), meaning="How long it lasts.", zh="持续天数")
    demand: float = _given(1.0, unit="times", bounds=(0.0, 100.0),
        meaning="Problems born on these days, against those that would be.", zh="期间问题数量倍数")
    streets: tuple[str, ...] = _given((), unit="codes",
        meaning="Streets whose demand and posts it meets, by code; all where none is named.",
        zh="涉及街乡代码（空为全部）")
    posts_streets: float = _given(0.0, unit="share of posts", bounds=(0.0, 1.0),
        meaning="Share of these streets' posts that is cut while it lasts.", zh="期间街乡编制削减比例")
    posts_departments: float = _given(0.0, unit="share of posts", bounds=(0.0, 1.0),
        meaning="Share of the departments' posts, stationed ones included, that is cut while it lasts.",
        zh="期间部门编制削减比例（含派驻）")
    evidence: dict[str, str] = field(default_factory=dict)

    def on(self, day: int) -> bool:
        """Tell whether it lasts on a day."""
        return self.day <= day < self.day + self.days


@dataclass(frozen=True)
class Demand:
    """How many problems are born and how much work they are."""

    requests_per_year: float = parameter(756_000.0, unit="requests/year", bounds=(0.0, 1e9), row="S7",
        source="Chaoyang 2021, official", meaning="Problems reported when born, a year, at full scale.", zh="年诉求量")
    scale: float = parameter(1.0, unit="share", bounds=(0.0001, 100.0), source="choice of the run",
        meaning="Scale of demand and of derived staff; 0.05 is 1:20.", zh="规模")
    arrivals: str = parameter("negative_binomial", unit="word",
        choices=("negative_binomial", "poisson", "deterministic"), row="S7", source="overdispersed in six logs (S7)",
        meaning="Distribution of daily counts.", zh="到达分布")
    dispersion: float = parameter(4.0, unit="variance/mean", bounds=(1.0, 100.0), row="S7",
        source="S7: public logs", plausible=(2.0, 14.0), meaning="Variance over mean of a street's daily count.",
        zh="到达离散度")
    weekend: float = parameter(0.75, unit="times a weekday", bounds=(0.0, 5.0), row="S7", plausible=(0.5, 1.0),
        meaning="Demand on a weekend day.", zh="周末诉求系数")
    from_projects: float = parameter(0.08, unit="share of problems", bounds=(0.0, 1.0), row="R2",
        source="not known; assumption", plausible=(0.0, 0.3),
        meaning="Problems that grow out of projects on which a street could be heard.", zh="源于重大项目的问题比例")
    needs_city: float = parameter(0.04, unit="share of cases", bounds=(0.0, 1.0), row="N6",
        source="not known; assumption", plausible=(0.0, 0.15),
        meaning="Cases worked by a department that then need its city counterpart.", zh="需市级部门的比例")
    needs_street: float = parameter(0.15, unit="share of cases", bounds=(0.0, 1.0), row="N7a",
        source="not known; assumption", plausible=(0.0, 0.4),
        meaning="Cases worked by communities that then need a section of the street.", zh="社区需街乡科室的比例")
    above_work: float = parameter(0.3, unit="share of work", bounds=(0.0, 5.0), row="N6", plausible=(0.1, 1.0),
        meaning="Work that the level above has with such a case, against the case's own.", zh="上级所需工作比例")
    latent: float = parameter(0.6, unit="share of a year's requests", bounds=(0.0, 10.0), row="S10",
        source="S10: demand doubled in two years; assumption", plausible=(0.3, 1.2),
        meaning="Lighter problems that nobody reports while response is poor: a pool that refills within a year.",
        zh="潜在诉求池")
    severity_spread: float = parameter(0.5, unit="share", bounds=(0.0, 2.0), row="P8", plausible=(0.2, 1.0),
        meaning="Width over which severity is spread evenly around its kind's mean.", zh="严重程度的离散范围")
    latent_work: float = parameter(0.5, unit="times the work", bounds=(0.01, 5.0), row="S10", plausible=(0.2, 1.0),
        meaning="Work of a problem from that pool against others of its kind.", zh="潜在诉求工作量倍数")
    work: str = parameter("lognormal", unit="word", choices=("lognormal", "exponential", "deterministic"), row="S1",
        source="Brown et al. 2005", meaning="Distribution of intrinsic work.", zh="工作量分布")


@dataclass(frozen=True)
class Staff:
    """How many people there are, and where they stand before the reform."""

    load: float = parameter(0.72, unit="work/hours", bounds=(0.01, 10.0), row="P1",
        source="posts are not public; assumption", plausible=(0.7, 1.05),
        meaning="Intrinsic work of a year over the hours of all staff (rho).", zh="总负荷")
    city: float = parameter(0.075, unit="share of staff", bounds=(0.0, 1.0), row="P1",
        source="not public; assumption", plausible=(0.05, 0.3), meaning="Share of the staff that stands at the city.",
        zh="市级人员比例")
    department: float = parameter(0.65, unit="share of staff", bounds=(0.0, 1.0), row="P1",
        source="not public; assumption", plausible=(0.2, 0.8),
        meaning="Share that stands in the district's departments.",
        zh="部门人员比例")
    street: float = parameter(0.20, unit="share of staff", bounds=(0.0, 1.0), row="P1",
        source="not public; assumption", plausible=(0.1, 0.6), meaning="Share that stands in the streets.",
        zh="街乡人员比例")
    community: float = parameter(0.075, unit="share of staff", bounds=(0.0, 1.0), row="P1",
        source="not public; assumption", plausible=(0.05, 0.4), meaning="Share that stands in the communities.",
        zh="社区人员比例")
    even: float = parameter(0.2, unit="share of posts", bounds=(0.0, 1.0), row="R7", plausible=(0.0, 1.0),
        meaning="Part of the streets' posts given out evenly, the rest by residents.", zh="编制平均分配部分")
    by_size: float = parameter(0.0, unit="share of posts", bounds=(0.0, 1.0), row="R7", plausible=(0.0, 1.0),
        meaning="Part of the departments' posts given out by size of old, the rest by expected work.",
        zh="编制按历史规模分配部分")
    by_duty: float = parameter(0.3, unit="share of posts", bounds=(0.0, 1.0), row="R8a",
        source="not public; assumption; at 0.3 offered loads above 1 are least over the 2 x 2", plausible=(0.0, 1.0),
        meaning="Of the posts by work: part by duties as a clear list would have them, the rest by work as it falls.",
        zh="编制按清晰职责分配部分")
    weekend: float = parameter(0.3, unit="share of staff", bounds=(0.0, 1.0), plausible=(0.0, 1.0),
        meaning="People present on a weekend day.", zh="周末在岗比例")
    capacity_neutral: bool = parameter(False, unit="switch", row="R12", source="choice of the run",
        meaning="Volunteers' hours and hours saved by technology are booked but not used.", zh="人力中性口径")


@dataclass(frozen=True)
class Programmes:
    """Line programmes that the city gives to departments, month by month."""

    weight: float = parameter(0.35, unit="share of all work", bounds=(0.0, 0.9), row="P5",
        source="not public; assumption", plausible=(0.1, 0.6), meaning="Programmes' share of all intrinsic work.",
        zh="条线任务占比")
    city_part: float = parameter(0.2, unit="share of programmes", bounds=(0.0, 1.0), row="P1",
        plausible=(0.1, 0.5), meaning="Part that the city counterpart does itself.", zh="市级自办部分")
    spread: float = parameter(0.6, unit="log work", bounds=(0.0, 3.0), row="P5",
        source="campaigns come unevenly; assumption", plausible=(0.2, 1.0),
        meaning="Spread of the logarithm of a department's programme work from month to month.", zh="条线任务波动")
    months: int = parameter(30, unit="days", bounds=(1, 365), row="P5", source="monthly, by convention",
        meaning="Days between two deadlines.", zh="任务周期")


@dataclass(frozen=True)
class Deadlines:
    """Days from first report to closure that each deadline class allows."""

    emergency: float = parameter(1.0 / 12.0, unit="days", bounds=(0.001, 365.0), row="E1",
        source="2 hours (weak source)", meaning="Emergencies.", zh="紧急类时限")
    utilities: float = parameter(1.0, unit="days", bounds=(0.001, 365.0), row="E1", source="24 hours (weak source)",
        meaning="Water, power, gas, heating.", zh="水电气热类时限")
    normal: float = parameter(7.0, unit="days", bounds=(0.001, 365.0), row="E1",
        source="7 days (weak source); assumption", plausible=(5.0, 10.0),
        meaning="Normal cases.", zh="一般类时限")
    complex: float = parameter(15.0, unit="days", bounds=(0.001, 365.0), row="E1",
        source="15 days (weak source); assumption", plausible=(10.0, 30.0),
        meaning="Complex cases.", zh="复杂类时限")


@dataclass(frozen=True)
class Run:
    """How long the district is watched, and how its units are called."""

    steps_per_day: int = parameter(1, unit="steps/day", bounds=(1, 10_000), source="choice of the run",
        meaning="Steps in a day.", zh="每日步数")
    warm_up_days: int = parameter(180, unit="days", bounds=(0, 100_000),
        source="assumption; longer ones change no difference beyond its luck (tested)", tried=(120, 545),
        meaning="Days before the window.", zh="预热天数")
    window_days: int = parameter(365, unit="days", bounds=(1, 100_000), source="one year",
        meaning="Days on which the cohort is born.", zh="观察窗口")
    follow_up_days: int = parameter(60, unit="days", bounds=(1, 1000), source="twice the longest limit reported",
        meaning="Days that each problem of the cohort is followed.", zh="随访天数")
    least_follow_up_days: int = parameter(30, unit="days", bounds=(0, 1000),
        source="the longer of the limits measured, 30 days; 0-30 to vary it",
        meaning="A problem counts as reported or found if so many days of its follow-up are then left.",
        zh="计入统计所需的剩余随访天数")
    real_names: bool = parameter(False, unit="switch", source="choice of the run",
        meaning="Departments are called by their real names, where the district has categories for them.",
        zh="部门显示真实名称（默认显示类别）")


@dataclass(frozen=True)
class World:
    """Everything that no regime changes."""

    demand: Demand = field(default_factory=Demand)
    staff: Staff = field(default_factory=Staff)
    programmes: Programmes = field(default_factory=Programmes)
    deadlines: Deadlines = field(default_factory=Deadlines)
    run: Run = field(default_factory=Run)
    streets: tuple[Street, ...] = ()
    departments: tuple[Department, ...] = ()
    kinds: tuple[Kind, ...] = ()
    duty_entries: tuple[DutyEntry, ...] = ()
    shocks: tuple[Shock, ...] = ()
