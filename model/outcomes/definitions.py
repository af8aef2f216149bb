"""Every outcome once: what it is called, how it is measured, what it means, and where it is shown.

An entry here is all that an outcome needs: tables, reports, the page, the glossary and event logs follow from it.
"""

from collections.abc import Callable, Sequence

from model.outcomes.outcome import Outcome, Outcomes
from model.outcomes.record import USED, Totals, ratio
from model.terms import TICKS_PER_DAY


def _ratio(top: str, bottom: str, unit: int = 1) -> Callable[[Totals], float | None]:
    return lambda totals: ratio(totals.tally[top], totals.tally[bottom] * unit)


def _hours(top: Sequence[str], bottom: Sequence[str], *levels: str) -> Callable[[Totals], float | None]:
    return lambda totals: ratio(totals.hours(top, *levels), totals.hours(bottom, *levels))


def _a_year(column: str, unit: int = 1) -> Callable[[Totals], float | None]:
    return lambda totals: totals.tally[column] / unit * 365 / totals.window_days


def _satisfaction(totals: Totals) -> float | None:
    """Return mean satisfaction: its sum is one of tenths, whatever the order in which they were added."""
    return ratio(round(10 * totals.tally["satisfaction"]) / 10, totals.tally["reported"])


_HELD = ["held_ticks"]
_CAME = ("asked_work", "programme_ticks", "shortfall", "sent_ticks", "errand_ticks")
"""Columns of the work that came, which may exceed the hours held."""

_DUE = "reported and found cases of the cohort whose deadline class the step resolves"

_ALL = (
    Outcome("closure_rate", "closure", "share", 1, f"last real closure within the limit from first report ÷ {_DUE}",
        "closure rate", "Of all requests reported or found, the share that was really settled within its time limit. "
        "Open, dropped, rejected and cosmetically closed requests count as not closed.",
        "按期真正办结率",
        "全部上报或发现的诉求中，在规定期限内真正办结的比例。未结、放弃、不予受理和纸面办结均计为未办结。",
        _ratio("closed_in_time", "due"), shown=("headline", "report", "figure", "split"), from_log=True),
    Outcome("closure_rate_30d", "closure", "share", 1, "last real closure within 30 days ÷ reported and found cases of "
        "the cohort",
        "closure rate, 30 days", "The same with one limit for all requests: 30 days.",
        "30 天内真正办结率", "同上，但所有诉求一律以 30 天为限。",
        _ratio("closed_30", "reported"), shown=("headline", "report", "figure", "split"), from_log=True),
    Outcome("backlog_end", "closure", "share", -1, "neither really closed nor dropped at the end of follow-up "
        "÷ reported cases",
        "not really closed at the end", "The share of requests still not really settled when the observation ends.",
        "期末仍未真正办结占比", "观察结束时仍未真正办结的比例。",
        _ratio("backlog", "reported"), shown=("headline", "report", "figure", "split"), from_log=True),
    Outcome("reported_closure_rate", "closure", "share", 1, f"first declared closure within the limit ÷ {_DUE}",
        "reported closure rate", "The share of requests that was declared closed in time, whether the problem was gone "
        "or not.",
        "上报办结率", "在规定期限内宣布办结的比例，不论问题是否真正解决。",
        _ratio("declared_in_time", "due"), shown=("report", "figure", "split"), from_log=True),
    Outcome("enforcement_closure_rate", "closure", "share", 1, "closure rate of cases that need enforcement power",
        "closure rate, enforcement requests",
        "The closure rate of those requests alone that need the power to inspect or "
        "to fine.",
        "执法类办结率", "仅指需要执法权（检查、处罚）的诉求的办结率。",
        _ratio("enforcement_closed", "enforcement"), from_log=True),
    Outcome("on_the_spot_closure_rate", "closure", "share", 1,
        "closure rate of cases that need enforcement power, of kinds whose duties are listed to be sent down",
        "closure rate, duties to be sent down",
        "The closure rate of enforcement requests of those kinds that enforcement "
        "units must handle in the streets.",
        "需下沉事项办结率", "列入需下沉责任清单的执法类诉求的办结率。",
        _ratio("on_the_spot_closed", "on_the_spot")),
    Outcome("emergency_closure_rate", "closure", "share", 1, "closure rate of emergencies; undefined where a step is "
        "longer than their limit",
        "closure rate, emergencies", "The closure rate of emergencies alone, whose limit is two hours.",
        "紧急类办结率", "仅指紧急事项（限时两小时）的办结率。",
        _ratio("emergency_closed", "emergency")),
    Outcome("joint_closure_rate", "closure", "share", 1, "closure rate of cases that need several parties",
        "closure rate, joint requests", "The closure rate of those requests alone that need several units at once.",
        "联办类办结率", "仅指需要多个单位联合办理的诉求的办结率。",
        _ratio("joint_closed", "joint"), from_log=True),
    Outcome("problem_resolution", "closure", "share", 1, "prevented, or really closed within the limit ÷ all problems "
        "born whose class the step resolves, undetected counting as failure",
        "problem resolution", "Of all problems that arose, known or unknown, the share that was prevented or settled "
        "in time. What nobody finds counts as not settled.",
        "问题解决率", "全部产生的问题（无论是否被发现）中，源头避免或按期解决的比例。无人发现的计为未解决。",
        _ratio("resolved", "due_problems"), shown=("figure", "split"), from_log=True),
    Outcome("prevented_share", "closure", "share", 1, "prevented at the source ÷ problems born",
        "prevented at the source", "The share of problems that never arose because a project was changed beforehand.",
        "源头避免占比", "因事先调整项目而未产生的问题所占比例。",
        _ratio("prevented", "problems"), from_log=True),
    Outcome("overdue_rate", "closure", "share", -1, f"not really closed within the limit ÷ {_DUE}",
        "overdue rate", "The share of requests not really settled within the time limit.",
        "逾期率", "未在规定期限内真正办结的比例。",
        _ratio("overdue", "due"), from_log=True),
    Outcome("response_rate", "closure", "share", 1, f"taken in hand by some unit within the limit ÷ {_DUE}",
        "response rate", "The share of requests that some unit took in hand within the time limit.",
        "响应率", "在规定期限内有单位着手办理的比例。",
        _ratio("responded", "due"), from_log=True),
    Outcome("satisfaction", "closure", "share", 1, "mean over reported cases: really closed 0.5, in time 0.3, never "
        "reopened 0.2 (a conjectured index)",
        "handling quality index",
        "An index from 0 to 100 made of being settled, being settled in time, and staying settled. "
        "Its make-up is our conjecture; nobody was asked.",
        "办理质量指数（0–100，不是满意度调查）",
        "由是否解决、是否按期、是否不再反复构成的 0 至 100 的指数。其构成为我们的设想，没有做过民意调查。",
        _satisfaction, shown=("report", "figure"), from_log=True),
    Outcome("days_to_close_median", "time", "days", -1,
        "median days from first report to last real closure, dropping as competing risk; undefined beyond follow-up",
        "days until half are closed",
        "Half of the requests are really settled within so many days of the first report.",
        "半数办结所需天数", "从首次上报起，一半诉求在这么多天内真正办结。",
        lambda f: f.days_quantile(0.5), censored=True, shown=("report", "figure"), from_log=True),
    Outcome("days_to_close_p90", "time", "days", -1, "90th percentile of the same",
        "days until nine tenths are closed",
        "Nine of ten requests are really settled within so many days of the first report.",
        "九成办结所需天数", "从首次上报起，十分之九的诉求在这么多天内真正办结。",
        lambda f: f.days_quantile(0.9), censored=True, from_log=True),
    Outcome("cosmetic_share", "time", "share", -1, "cosmetic ÷ declared closures in the window",
        "closed on paper only", "Of all requests declared closed, the share that was closed on paper only.",
        "回访核实未解决的占比", "全部宣布办结的诉求中，问题没有解决的比例（形式主义办结）。",
        _ratio("cosmetic", "declarations"), shown=("report",), from_log=True),
    Outcome("reopen_rate", "time", "share", -1,
        "reopened within 30 days ÷ declared closed with 30 days of follow-up left",
        "reopen rate", "Of the closures declared, the share taken up again within 30 days.",
        "重新办理率", "宣布办结后 30 天内又重新办理的比例。",
        _ratio("reopened_30", "declared_30"), shown=("figure",), from_log=True),
    Outcome("recurrence_share", "time", "share", -1,
        "of cases really closed, those with a linked repeat within follow-up ÷ really closed",
        "recurrence share", "Of the requests really settled, the share whose problem came back.",
        "复发占比", "真正办结的诉求中，同一问题再次出现的比例。",
        _ratio("repeated", "closed"), from_log=True),
    Outcome("whistle_wait_days", "time", "days/case", -1,
        "days between a whistle's arrival at the platform and its screening ÷ whistles screened in the window",
        "days that whistles wait", "Days for which a whistle lies at the platform before it is heard.",
        "哨单待受理天数", "哨单到达平台后等待受理的天数。",
        _ratio("whistles_waited", "whistles", TICKS_PER_DAY)),
    Outcome("passes_per_case", "passing", "passes/case", -1, "passes ÷ cases ever offered to a department",
        "times passed on, per request",
        "How often, on average, a request offered to departments is handed to another one instead of "
        "being worked on.",
        "平均每件退转次数", "交到部门的诉求，平均每件退回或转出几次。",
        _ratio("passes", "offered"), shown=("headline", "report", "figure"), from_log=True),
    Outcome("passed_share", "passing", "share", -1, "passed on at least once ÷ cases ever offered to a department",
        "share passed on", "Of the requests offered to departments, the share handed on at least once.",
        "曾被退转占比", "交到部门的诉求中，至少退转一次的比例。",
        _ratio("passed", "offered"), shown=("figure", "split"), from_log=True),
    Outcome("ping_pong_share", "passing", "share", -1, "a department asked again after another ÷ cases ever offered",
        "share that came back to a former unit",
        "Of the requests offered to departments, the share that came back to a department that had it "
        "before.",
        "又退回原经办单位的占比", "交到部门的诉求中，又回到曾经手部门的比例。",
        _ratio("ping_pong", "offered"), shown=("report",), from_log=True),
    Outcome("evasive_pass_share", "passing", "share", -1, "passes that do not raise true membership ÷ passes",
        "share passed on without good reason",
        "Of all hand-overs, the share that brought the request no nearer to whoever is "
        "responsible.",
        "无正当理由退转占比", "全部退转中，没有让诉求更接近责任单位的比例。",
        _ratio("evasive", "passes"), shown=("figure",), from_log=True),
    Outcome("circulating_days", "passing", "days/case", -1,
        "days before the parties stand together ÷ cases ever offered",
        "circulating days",
        "Days on which a request offered to departments is neither settled nor worked on, because it "
        "is not settled whose it is.",
        "流转空耗天数", "交到部门的诉求因归属未定、无人办理而空转的天数。",
        _ratio("circulating", "offered", TICKS_PER_DAY), shown=("report", "figure"), from_log=True),
    Outcome("waiting_above_days", "passing", "days/case", -1,
        "days until the level above takes a case up ÷ cases that it took up in the window",
        "days waiting for the level above", "Days that requests needing a higher level wait for it.",
        "等待上级天数", "需要上级办理的诉求等待上级的天数。",
        _ratio("waited_above", "risen", TICKS_PER_DAY), from_log=True),
    Outcome("weekend_answer_share", "passing", "share", 0,
        "answers to letters given on days 6 and 7 ÷ answers to letters in the window",
        "letters answered on weekends", "Of all answers to letters, the share given on a weekend.",
        "周末答复占比", "对函件的全部答复中，在周末作出的比例。",
        _ratio("weekend_answers", "letters_answered")),
    Outcome("orphan_share", "passing", "share", -1,
        "ownerless after refusals for over letters.answer_within ÷ cases ever offered",
        "orphan share", "Of the requests offered to departments, the share that belonged to nobody for longer than the "
        "limit for an answer.",
        "无主占比", "交到部门的诉求中，无主时间超过答复期限的比例。",
        _ratio("orphans", "offered"), from_log=True),
    Outcome("inaction_rate", "passing", "share", -1,
        "answers and attendances missing, returned cases shelved ÷ all due",
        "inaction rate", "Of all answers and attendances due, the share that did not happen.",
        "不作为率", "应答复、应到场的事项中，未做到的比例。",
        _ratio("inaction", "answers_due")),
    Outcome("arbitrary_rate", "passing", "share", -1, "arbitrary acts ÷ enforcement closures in the window",
        "arbitrary rate", "Of the enforcement requests closed, the share closed by an act that does not stand.",
        "乱作为率", "执法办结中，因处置不当而被纠正的比例。",
        _ratio("arbitrary", "closings")),
    Outcome("workload_street", "work", "share", 0, "hours used ÷ hours held by streets and communities, in the window",
        "workload, streets + communities", "Hours used of hours available in streets and communities.",
        "街乡和社区负荷", "街乡和社区已用工时占可用工时的比例。",
        _hours(USED, _HELD, "street", "community"), shown=("headline", "report", "figure", "split")),
    Outcome("workload_department", "work", "share", 0, "hours used ÷ hours held by departments and platform teams",
        "workload, departments + teams", "Hours used of hours available in departments and the teams they station.",
        "部门和派驻队伍负荷", "部门及其派驻队伍已用工时占可用工时的比例。",
        _hours(USED, _HELD, "department", "team"), shown=("headline", "report", "figure", "split")),
    Outcome("offered_load_street", "work", "share", 0, "work that came ÷ hours held, uncapped, streets and communities",
        "offered load, streets + communities", "Work that arrived in streets and communities, relative to their "
        "hours; above 100 % it cannot all be done.",
        "街乡和社区任务量÷工时", "街乡和社区收到的工作量与工时之比；超过 100% 即无法全部完成。",
        _hours(_CAME, _HELD, "street", "community")),
    Outcome("offered_load_department", "work", "share", 0,
        "work that came ÷ hours held, uncapped, departments and teams",
        "offered load, departments + teams", "The same for departments and the teams they station.",
        "部门和派驻队伍任务量÷工时", "同上，指部门及其派驻队伍。",
        _hours(_CAME, _HELD, "department", "team")),
    Outcome("overload_days", "work", "days/unit", -1,
        "days with all hours used, mean over streets and departments with staff",
        "overload days", "Days on which a unit has used all its hours, on average over streets and departments.",
        "满负荷天数", "街乡和部门平均每单位工时全部用尽的天数。",
        Totals.overload_days, shown=("figure",)),
    Outcome("workload_gini", "work", "0-1", -1, "Gini coefficient of hours used ÷ held over streets and departments",
        "unevenness of workload",
        "How unevenly work is spread over streets and departments: 0 is even, 1 is all on one.",
        "忙闲不均（0 最均）", "各街乡和部门忙闲不均的程度（基尼系数）：0 为完全均匀，1 为全压在一个单位。",
        Totals.workload_gini),
    Outcome("dispatched_share", "work", "share", -1, "hours on work sent down ÷ hours used by streets and communities",
        "share of work sent down", "Of the working hours of streets and communities, the share spent on what "
        "departments sent down.",
        "下派任务占比", "街乡和社区已用工时中，用于上级下派任务的比例。",
        _hours(["sent_ticks"], USED, "street", "community"), shown=("report",)),
    Outcome("dispatched_share_street", "work", "share", -1, "hours on work sent down ÷ hours used by streets alone",
        "share of work sent down, streets", "The same for street offices alone.",
        "下派任务占比（街乡）", "同上，仅指街乡机关。",
        _hours(["sent_ticks"], USED, "street")),
    Outcome("dispatched_share_community", "work", "share", -1,
        "hours on work sent down ÷ hours used by communities alone",
        "share of work sent down, communities", "The same for communities alone.",
        "下派任务占比（社区）", "同上，仅指社区。",
        _hours(["sent_ticks"], USED, "community")),
    Outcome("assessed_share", "work", "share", -1, "hours on being assessed ÷ hours used by streets",
        "share of being assessed", "Of the streets' working hours, the share spent on inspections and forms for "
        "those who assess them.",
        "迎检填表占比", "街乡已用工时中，用于迎检、填表的比例。",
        _hours(["assessed_ticks"], USED, "street")),
    Outcome("coordination_share", "work", "share", -1, "attendance ÷ hours on cases, departments and teams",
        "departments' time in coordination meetings",
        "Of the hours that departments and teams spend on requests, the share spent on meetings "
        "and attendance.",
        "开协调会占部门工时", "部门和下沉执法队办诉求的工时中，用于会商和到场的比例。",
        _hours(["meeting_ticks"], ["case_ticks"], "department", "team"), shown=("figure",)),
    Outcome("effort_on_cases", "work", "share", 0, "hours on cases ÷ hours used by departments",
        "departments' time on requests",
        "Of the departments' working hours, the share spent on requests rather than on "
        "programmes of their own line.",
        "部门用于办诉求的时间", "部门已用工时中，用于街乡诉求而非本条线任务的比例。",
        _hours(["case_ticks"], USED, "department")),
    Outcome("team_share", "work", "share", 0, "taken up by the street's platform team ÷ turns beyond the street in the "
        "window",
        "taken up by stationed teams", "Of the requests beyond the street itself, the share taken up by the team "
        "stationed there.",
        "下沉执法队承办占比", "街乡自身办不了的诉求中，由下沉执法队承办的比例。",
        _ratio("taken_by_team", "turned_out"), from_log=True),
    Outcome("team_declined_share", "work", "share", -1,
        "declined by a platform team that covers the case ÷ asked of one in the window",
        "declined by stationed teams", "Of the requests that a street asks its platform team to take, the share that "
        "it declines.",
        "下沉执法队拒接占比", "街乡交下沉执法队办理、其职责又能覆盖的诉求中，被拒接的比例。",
        _ratio("declined_by_team", "asked_of_team")),
    Outcome("volunteer_share", "work", "share", 1,
        "work done by residents (party members called on included) ÷ that and streets' and communities' hours on cases",
        "work done by residents", "Of the work on requests in streets and communities, the share done by residents, "
        "party members whom their branch calls on included.",
        "群众参与占比", "街乡和社区办诉求的工作中，由居民（含支部召集的党员）承担的比例。",
        Totals.volunteer_share),
    Outcome("member_days", "work", "person-days/year", 0,
        "hours of party members on cases of streets and communities, a year, at the scale of the run",
        "days of party members", "Days a year that party members work in all streets when their branches call.",
        "党员出力人日", "党员应支部召集，一年在各街乡投入的人日。",
        Totals.member_days),
    Outcome("member_unit_share", "work", "share", 1,
        "work done by member units ÷ that and streets' and communities' hours on cases",
        "work done by member units", "Of the work on requests in streets and communities, the share that enterprises, "
        "social organisations and institutions of the region have taken over.",
        "成员单位分担占比", "街乡和社区办诉求的工作中，由辖区企业、社会组织、事业单位等成员单位承担的比例。",
        Totals.member_unit_share),
    Outcome("staff_days_per_closure", "work", "person-days/case", -1, "hours on cases and errands, all units ÷ real "
        "closures in the window",
        "staff days per closure", "Working days of all units together for each request really settled.",
        "平均每件人日", "每真正办结一件，各单位合计投入的人日。",
        Totals.staff_days_per_closure, shown=("figure",)),
    Outcome("balance_index", "work", "log ratio", 0,
        "authority against responsibility, streets' mean in the window; 0 is balanced",
        "authority matched with responsibility, streets",
        "The streets' power against what they answer for: 0 is balanced, below 0 duty "
        "exceeds power.",
        "街乡权责匹配度", "街乡权力与责任之比的对数：0 为相称，小于 0 为权小于责。",
        Totals.mean_balance),
    Outcome("seconded_days_down", "trade", "person-days/year", 0, "days on which departments' people were on loan in "
        "streets, in the window, × 365 ÷ its days",
        "people seconded down", "Days in a year that people of departments spent on loan in streets.",
        "借调下沉人日", "部门人员借调到街乡工作的天数，按一年计。",
        _a_year("seconded_days")),
    Outcome("borrowed_days_up", "trade", "person-days/year", 0,
        "days on which streets' people were on loan to departments or to the district, in the window, × 365 ÷ its days",
        "people borrowed up", "Days in a year that streets' people spent on loan to their superiors.",
        "上级抽调人日", "街乡人员被部门或区级抽调借用的天数，按一年计。",
        _a_year("borrowed_days")),
    Outcome("street_aid_days", "trade", "person-days/year", 0, "days on which streets' people were on loan to other "
        "streets, in the window, × 365 ÷ its days",
        "people lent between streets", "Days in a year that streets' people helped out in other streets.",
        "街乡互助人日", "街乡人员支援其他街乡的天数，按一年计。",
        _a_year("aid_days")),
    Outcome("requests_granted_share", "trade", "share", 0, "granted ÷ requests for people or powers that ended in the "
        "window: granted, refused or lapsed",
        "requests granted", "Of the requests for people and the offers of powers, the share that was granted.",
        "请求获准占比", "借人请求和委托提议中，获得同意的比例。",
        _ratio("granted", "requests")),
    Outcome("entrusted_share", "trade", "share", 0,
        "real enforcement closures by streets under entrusted powers ÷ real enforcement closures in the window",
        "closed under entrusted powers", "Of the enforcement requests really settled, the share that streets settled "
        "with a power entrusted by a department.",
        "委托执法办结占比", "真正办结的执法类诉求中，由街乡凭委托权限办结的比例。",
        _ratio("entrusted", "closings")),
    Outcome("authority_returned_share", "trade", "share", 0,
        "powers called back in the window ÷ powers that streets held in it: entrusted in it, or before and still out",
        "powers called back", "Of the powers that departments had entrusted to streets, the share called back before "
        "its term.",
        "委托权限收回占比", "街乡受托的执法权限中，期满前被收回的比例。",
        _ratio("powers_returned", "powers_held")),
    Outcome("pressed_cases", "trade", "cases/year", 0,
        "times that supervision pressed a case in the window × 365 ÷ its days",
        "requests pressed", "How often in a year overdue requests were pressed by the district.",
        "督办件次", "区级一年内督办逾期诉求的次数。",
        _a_year("pressed")),
    Outcome("owned_cases", "trade", "cases/year", 0, "owners named by the district in the window × 365 ÷ its days",
        "owners named", "In how many requests a year the district named the unit responsible.",
        "区里指定主办件数", "区里一年内指定主办单位的件数。",
        _a_year("owned")),
    Outcome("district_hours", "trade", "person-days/year", 0,
        "hours that the district's decisions took in the window × 365 ÷ its days",
        "work of the district's office", "Working days in a year that the district's own decisions take: pressing, "
        "naming owners, hearing requests, moving posts, whistling to the city.",
        "区级统筹工作量", "区级督办、指定主办、研究请求、调整编制、向市级吹哨一年所需的人日。",
        _a_year("district_ticks", TICKS_PER_DAY)),
    Outcome("whistle_rate", "reach", "share", 0, "whistled ÷ reported cases",
        "whistle rate", "Of all reported requests, the share for which a street blew the whistle.",
        "吹哨率", "全部上报诉求中，街乡吹哨的比例。",
        _ratio("whistled", "reported"), shown=("report",), from_log=True),
    Outcome("whistle_accuracy", "reach", "share", 1, "addressed rightly ÷ whistles screened in the window",
        "whistle accuracy", "Of the whistles screened, the share that reached the right department.",
        "吹哨准确率", "经平台受理的哨单中，派到正确部门的比例。",
        _ratio("whistles_right", "whistles"), from_log=True),
    Outcome("hidden_found_share", "reach", "share", 1,
        "found with run.least_follow_up_days of follow-up left ÷ problems hidden when born",
        "hidden problems found", "Of the problems nobody had reported, the share that somebody found in time.",
        "隐患发现率", "起初无人上报的隐患中，被及时发现的比例。",
        _ratio("found", "hidden"), from_log=True),
    Outcome("channel_found_share", "reach", "share", 0,
        "found through one of the six channels of participation ÷ problems hidden when born",
        "hidden problems found through channels", "Of the problems nobody had reported, the share found in time "
        "through a meeting, the hotline, the media, or deputies and committee members, as far as these are open.",
        "渠道发现率", "起初无人上报的隐患中，经社会参与渠道（会议、12345热线、媒体、代表委员）及时发现的比例。",
        _ratio("heard", "hidden")),
    Outcome("equity_gap", "reach", "share", -1, "closure rate, best minus worst fifth of streets with cases due, by "
        "demand a person",
        "gap between streets",
        "By how much the best-served fifth of the streets is ahead of the worst-served fifth in closure "
        "rate.",
        "最好与最差街乡办结率之差", "办结率最高的五分之一街乡与最低的五分之一之间的差距。",
        Totals.equity_gap, shown=("report", "figure", "split"), from_log=True),
)  # fmt: skip

OUTCOMES = Outcomes({outcome.name: outcome for outcome in _ALL})
"""All shipped outcomes by name, in the order in which they are shown; own ones are found by name too."""


def compute(totals: Totals) -> dict[str, float | None]:
    """Return every outcome of a run; undefined ones are None."""
    return {name: outcome.measure(totals) for name, outcome in OUTCOMES.items()}
