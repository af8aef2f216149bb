"""Words of headers: how columns of each role are usually called, in Chinese and English."""

import re
from collections.abc import Iterable, Mapping, Sequence

GUESSES: Mapping[str, tuple[str, ...]] = {
    "case": (
        "case:concept:name", "case id", "case", "case number", "case no", "case key", "case ref", "case reference",
        "trace id", "trace", "ticket id", "ticket", "ticket number", "ticket no", "ticket key",
        "service request number", "service request id", "service request", "sr number", "sr id", "sr no",
        "request number", "request id", "request no", "incident id", "incident number", "incident no", "incident",
        "issue key", "issue id", "issue", "complaint id", "complaint number", "complaint no", "work order",
        "work order id", "work order number", "work order no", "wo number", "order id", "order number",
        "purchase order", "sales order", "purchasing document", "sales document", "document number", "application id",
        "application number", "claim id", "claim number", "petition id", "process instance id", "process instance",
        "instance id", "workflow id", "reference number", "ebeln", "vbeln", "aufnr", "qmnum", "unique key", "number",
        "工单编号", "工单号", "案件编号", "案件号", "案卷编号", "案卷号", "诉求编号", "诉求号", "受理编号", "受理号",
        "受理单号", "登记编号", "登记号", "立案编号", "立案号", "事件编号", "事件号", "事项编号", "任务编号", "任务号",
        "任务单号", "派单编号", "派遣单号", "信访编号", "信访件编号", "信访号", "投诉编号", "投诉单号", "来电编号",
        "来电单号", "热线编号", "问题编号", "线索编号", "交办编号", "转办编号", "督办编号", "办件编号", "办件号",
        "申办编号", "申请编号", "上报编号", "报修单号", "服务单号", "流程编号", "流程实例号", "业务流水号", "业务编号",
        "业务号", "流水号", "案号", "单号", "编号", "id",
    ),
    "unit": (
        "org:resource", "resource", "unit", "department", "agency", "owner department", "business unit", "org unit",
        "organizational unit", "department name", "agency name", "responsible agency", "responsible department",
        "responsible unit", "handling unit", "handling department", "assigned department", "assigned unit",
        "assigned agency", "assigned group", "assignment group", "support group", "resolver group", "owner group",
        "work center", "assigned team", "support team", "team", "queue", "queue name", "office", "bureau", "branch",
        "division", "section", "organisation", "organization", "dept", "responsible", "org:group", "group", "owner",
        "ward", "district", "borough",
        "承办单位", "主办单位", "处置单位", "责任单位", "办理单位", "处理单位", "主责单位", "牵头单位", "经办单位",
        "受办单位", "承接单位", "当前单位", "当前办理单位", "当前处理单位", "承办部门", "主办部门", "处置部门",
        "责任部门", "办理部门", "处理部门", "经办部门", "操作部门", "操作单位", "流转单位", "节点单位", "环节单位",
        "承办机构", "办理机构", "处理机构", "经办机构", "专业部门", "职能部门", "委办局", "权属单位", "接收单位",
        "接收部门", "签收单位", "派遣单位",
        "转入单位", "转入部门", "受理单位", "受理部门", "受理机构", "部门", "单位", "机构", "组织机构",
        "组织", "科室", "处室", "责任科室", "承办科室", "所属部门", "所属单位", "街道", "街乡", "街乡镇", "镇街",
        "乡镇", "属地街道", "所属街道", "所属街乡", "属地单位", "属地", "网格", "所属网格", "社区",
    ),
    "time": (
        "time:timestamp", "timestamp", "complete timestamp", "completion timestamp", "event time", "event timestamp",
        "time", "date time", "datetime", "complete time", "event date", "date", "sys updated on", "sys updated at",
        "updated at", "updated on", "update time", "updated", "changed at", "changed on", "change date", "change time",
        "changed", "transition date", "action time", "action date", "activity time", "step time", "log time",
        "modified", "modified date",
        "时间", "时间戳", "事件时间", "操作时间", "流转时间", "节点时间", "环节时间", "动作时间", "执行时间",
        "发生时间", "处理时间", "办理时间", "经办时间", "记录时间", "更新时间", "变更时间", "修改时间", "日期时间",
        "操作日期", "流转日期", "处理日期", "办理日期", "日期",
    ),
    "activity": (
        "concept:name", "activity", "activity name", "activity id", "event", "event name", "event type", "task",
        "task name", "action", "action name", "step", "step name", "operation", "stage", "transition name",
        "环节", "办理环节", "当前环节", "流程环节", "环节名称", "节点", "流程节点", "办理节点", "节点名称", "活动",
        "活动名称", "操作", "操作类型", "操作名称", "操作环节", "流转环节", "流转操作", "动作", "步骤", "步骤名称",
        "事件名称", "事件", "任务名称", "任务", "业务动作", "处理动作", "办理动作", "业务环节", "阶段",
    ),
    "kind": (
        "case:kind", "case:type", "case:category", "case:case type", "kind", "case type", "request type",
        "service request type", "sr type", "service type", "complaint type", "issue type", "incident type",
        "problem type", "ticket type", "case category", "category", "service name", "u symptom", "type",
        "诉求类型", "诉求类别", "诉求分类", "问题类型", "问题类别", "问题分类", "案件类型", "案件类别", "工单类型",
        "工单类别", "工单分类", "事项类型", "事项类别", "事项名称", "事件类型", "事件类别", "事件分类", "反映问题",
        "业务类型", "投诉类型", "投诉类别", "信访类别", "小类名称", "小类", "大类名称", "大类", "一级分类",
        "一级类别", "类型", "类别", "分类",
    ),
    "lifecycle": ("lifecycle:transition", "lifecycle", "life cycle", "transition", "transaction type"),
    "start": (
        "start timestamp", "start time", "begin", "begin time", "start", "start date", "created", "created date",
        "creation date", "created at", "created on", "date created", "opened", "open date", "opened at", "opened date",
        "date opened", "open time", "reported", "report date", "requested datetime", "submitted", "submission date",
        "registered", "registration date", "received", "received date", "date received",
        "开始时间", "开始日期", "起始时间", "环节开始时间", "节点开始时间", "到达时间", "受理时间", "来电时间",
        "创建时间",
        "登记时间", "立案时间", "上报时间", "诉求时间", "反映时间", "投诉时间", "建单时间", "发起时间", "提交时间",
        "申请时间", "收件时间", "受理日期", "来电日期", "创建日期", "登记日期", "立案日期", "申请日期", "派单时间",
    ),
    "end": (
        "complete timestamp", "completion timestamp", "end timestamp", "complete time", "end time", "completed",
        "completed date", "completion date", "completed at", "closed", "closed date", "closed at", "closed on",
        "date closed", "close date", "close time", "end date", "end", "resolved", "resolved at", "resolved date",
        "resolution date", "resolution time",
        "结束时间", "结束日期", "环节结束时间", "节点结束时间", "办结时间", "结案时间", "完结时间", "完成时间",
        "办理完成时间",
        "处置完成时间", "归档时间", "关闭时间", "办结日期", "结案日期", "完成日期",
    ),
    "case_start": ("case:startdate", "case:start date", "case:start", "case start date", "case start", "case:created"),
    "case_end": ("case:enddate", "case:end date", "case:end", "case end date", "case end", "case:completed"),
    "deadline": (
        "case:deadline", "deadline", "case deadline", "due date", "due", "due at", "due on", "sla due", "sla due date",
        "target date", "expected date", "截止时间", "截止日期", "办理期限", "办理时限", "办结时限", "处置时限",
        "处理时限", "时限", "到期时间", "应办结时间", "要求办结时间", "承诺办结时间", "要求完成时间",
    ),
}  # fmt: skip
"""Usual names by role, the more usual first; letters' case, spaces and signs do not matter."""

PEOPLE: Mapping[str, tuple[str, ...]] = {
    "unit": (
        "handler", "assigned to", "assignee", "user", "user id", "username", "user name", "operator", "employee",
        "agent", "resource name", "处理人", "承办人", "经办人", "办理人", "操作人", "操作员", "责任人", "处理人员",
        "受理人", "当前处理人",
    ),
}  # fmt: skip
"""Names of columns that name people; taken as units where no organisation is found."""

STATES: Mapping[str, tuple[str, ...]] = {
    "activity": (
        "incident state", "case status", "ticket status", "new value", "status", "state", "状态", "办理状态",
        "处理状态", "工单状态", "案件状态", "当前状态", "流程状态",
    ),
    "time": (
        "受理时间", "签收时间", "接收时间", "接单时间", "派单时间", "转办时间", "派遣时间", "提交时间", "登记时间",
        "创建时间", "created at", "created on", "created", "created date",
    ),
}  # fmt: skip
"""Names that tell an event's activity or time where nothing better does."""

STEP_STARTS = (
    "start timestamp", "start time", "begin", "begin time", "start", "start date", "开始时间", "开始日期", "起始时间",
    "环节开始时间", "节点开始时间", "到达时间",
)  # fmt: skip
STEP_ENDS = (
    "complete timestamp", "completion timestamp", "end timestamp", "complete time", "end time", "end", "end date",
    "结束时间", "结束日期", "环节结束时间", "节点结束时间", "完成时间",
)  # fmt: skip
"""Names that speak of a step, not of the whole case."""

_PATTERNS: Mapping[str, str] = {
    "case": r"(工单|案件|案卷|诉求|事件|受理|业务|任务|信访|投诉|办件|问题|服务|热线).*(编号|编码|号|单号|流水号|id)$"
            r"|^(case|ticket|incident|request|complaint|sr|workorder)(id|number|no|key|nr)$",
    "unit": r"^(?!.*(协办|协同|上级|来源|诉求|申请|投诉|被|联系|反映|上报|交办|转出|派出|移出|发出))"
            r".*(单位|部门|机构|科室|处室|委办局)(名称)?$"
            r"|^(?!.*(caller|requester|reporter|customer))"
            r".*(department|agency|assignmentgroup|supportgroup|bureau)(name)?$",
    "time": r"(操作|流转|处理|办理|节点|环节|发生|步骤)(时间|日期)"
            r"|(event|activity|action|step)(timestamp|datetime|time|date)$",
    "activity": r"(环节|节点|步骤|活动|动作)(名称|类型)?$|^(activity|task|step)(name|type|description|label)$",
    "kind": r"(诉求|问题|案件|工单|事项|事件|投诉|信访|业务).{0,3}(类型|类别|分类|大类|小类)",
}  # fmt: skip
"""What a name may hold where none is a usual one."""

_PERSON = re.compile(
    r"(承办|处理|经办|办理|操作|责任|受理|处置|联系|来电|诉求|申请|投诉|反映|举报|上报|发起|提交|当事|被诉|回访|审核|审批|接单|派单"
    r"|签收)(人员?|员|者)(姓名|名称)?$|姓名|^人员|电话|手机|号码|邮箱|邮件|身份证|证件|微信|住址|地址|网格员|接线员|坐席|话务员"
    r"|phone|mobile|e-?mail|caller|requester|requestor|reporter|customer|citizen|complainant|contact|applicant"
    r"|\b(first|last|full|user|owner|resource|employee|agent|handler|operator)[ _]?name\b|address|assigned[ _]to"
    r"|assignee|^(user|handler|operator|employee|agent|author|actor)([ _]?id)?$|org:resource$"
    r"|^resource$|^(case:)?responsible$",
    re.IGNORECASE,
)


def plain(name: str) -> str:
    """Return a name without signs, spaces and the case of its letters."""
    return re.sub(r"[\W_]+", "", name).lower()


def usual(role: str, present: Sequence[str], table: Mapping[str, tuple[str, ...]] = GUESSES) -> list[str]:
    """Return the columns whose name is usual for a role, the most usual first."""
    known = {plain(name): name for name in reversed(present)}
    return [known[key] for name in table.get(role, ()) if (key := plain(name)) in known]


def recognised(role: str, names: Iterable[str], more: Sequence[str] = ()) -> str | None:
    """Return the name that is the most usual one for a role, or one of those given beside; None: none is usual."""
    known = {plain(name): name for name in names}
    return next((known[each] for each in map(plain, (*GUESSES[role], *more)) if each in known), None)


def alike(role: str, present: Sequence[str]) -> list[str]:
    """Return the columns whose name holds what those of a role do; none whose name is that of people."""
    pattern = _PATTERNS.get(role)
    return [] if pattern is None else [name for name in present
                                       if re.search(pattern, plain(name)) and not names_people(name)]  # fmt: skip


def guesses(present: Sequence[str]) -> dict[str, list[str]]:
    """Return the columns that may play each role, the likeliest first; people are units where nothing else is."""
    found = {role: usual(role, present) or alike(role, present) for role in GUESSES}
    found["unit"] = found["unit"] or usual("unit", present, PEOPLE)
    return {role: names for role, names in found.items() if names}


def names_people(name: str) -> bool:
    """Tell whether a column is called as those that name people, or how to reach them."""
    return _PERSON.search(name.strip()) is not None


def among(name: str | None, names: Iterable[str]) -> bool:
    """Tell whether a column has one of these names."""
    return name is not None and plain(name) in map(plain, names)
