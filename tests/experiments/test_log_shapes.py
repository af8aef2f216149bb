"""What a row of a log is, which column is what, who is named, and what was left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from experiments.logs.columns import Shape, map_columns, shape_of
from experiments.logs.options import LogOptions
from experiments.logs.people import holds_people
from experiments.logs.reading import read_log, read_whole
from experiments.logs.words import names_people
from tests.experiments.log_files import HEAD, answer, log, refused, written

WIDE = """\
工单编号,类型,来电时间,属地街道,派单时间,主办单位,办结时间,联系电话
W1,噪音,2024/3/1 9:00,朝阳街道,2024/3/1 15:00,城管执法局,2024/3/9 16:00,13800000001
W2,占道,2024/3/2 10:30,朝阳街道,,,2024/3/3 11:00,13800000002
W3,占道,2024/3/14 8:00,河湾街道,2024/3/15 9:00,公安分局,2024/3/18 12:00,13800000003
W4,供水,2024/3/15 14:00,河湾街道,,,,13800000004
W5,供水,2024/3/16 8:00,河湾街道,2024/3/17 8:30,水务局,2024/3/28 17:00,13800000005
"""
COUNTED = {"cases": 5, "events": 12, "units": 5, "handover_share": 0.6, "handovers_mean": 0.6, "ping_pong_share": 0.0,
           "open_cases": 1}  # fmt: skip

LONG = """\
工单编号,操作时间,承办单位,承办人,环节,诉求类型
W1,2024年3月1日 9时00分,朝阳街道,张三,受理,噪音
W1,2024年3月1日 15时00分,城管执法局,李四,签收,噪音
W1,2024年3月9日 16时00分,朝阳街道,王五,办结,噪音
W2,2024年3月2日 10时30分,朝阳街道,张三,受理,占道
"""


def dropped(found: dict[str, Any]) -> dict[str, tuple[int | None, int | None, str]]:
    return {each["what"]: (each["events"], each["cases"], each["done"]) for each in found["dropped"]}


def test_a_row_a_case_gives_its_steps_as_events(tmp_path: Path) -> None:
    path = written(tmp_path, WIDE)
    steps = "来电时间:属地街道,派单时间:主办单位,办结时间:主办单位|属地街道"
    for flags in (
        (),
        ("--steps", steps),
        ("--closed-by", "办结"),
        ("--steps", steps.replace(",", "，").replace(":", "：")),
    ):
        found = answer(path, *flags)
        assert {name: found[name] for name in COUNTED} == COUNTED, flags
    assert found["rows_are"] == "events" and answer(path)["closed_when"] == "case_end"
    assert any("来电时间:属地街道" in note for note in found["notes"])


def test_steps_without_a_unit_are_left_out_and_counted(tmp_path: Path) -> None:
    found = answer(written(tmp_path, WIDE.replace("2024/3/1 15:00,城管执法局", "2024/3/1 15:00,") + "W6,,,,,,,\n"))
    assert (found["cases"], found["events"]) == (5, 11)
    assert dropped(found)["step_without_unit"] == (1, None, "dropped")
    assert dropped(found)["case_without_step"] == (None, 1, "dropped")


def test_several_rows_of_a_case_with_steps_are_put_in_the_order_of_time(tmp_path: Path) -> None:
    """As where each dispatch is a row that repeats the call."""
    head = "工单编号,来电时间,属地街道,派单时间,主办单位,办结时间\n"
    rows = ("1,2024-01-01,甲,2024-01-05,丙,2024-01-09\n", "1,2024-01-01,甲,2024-01-02,乙,\n", "2,2024-01-01,甲,,,\n")
    found = answer(written(tmp_path, head + "".join(rows)))
    assert (found["cases"], found["handovers_mean"], found["open_cases"]) == (2, 1.0, 1)
    assert "no row has a time and a unit in any step" in refused(written(tmp_path, head + "1,,,,,\n"))
    assert "got only a header" in refused(written(tmp_path, head))


def test_numbered_steps_are_found_by_their_names(tmp_path: Path) -> None:
    found = answer(
        written(
            tmp_path,
            "案件号,环节1时间,环节1单位,环节2时间,环节2单位\n1,2024-01-01,甲,2024-01-02,乙\n2,2024-01-01,甲,,\n",
        )
    )
    assert (found["cases"], found["events"], found["handovers_mean"]) == (2, 3, 0.5)


def test_one_unit_and_two_times_are_a_case_table(tmp_path: Path) -> None:
    """With one unit for all steps nothing is known of hand-overs: 0 would be a lie."""
    head = "工单编号,受理时间,处理时间,办结时间,承办单位,工单状态\n"
    found = answer(
        written(tmp_path, head + "1,2024-01-01,2024-01-02,2024-01-03,甲局,已办结\n2,2024-01-01,,,乙局,办理中\n")
    )
    assert (found["rows_are"], found["handover_share"], found["open_cases"]) == ("cases", None, 1)


@pytest.mark.parametrize(
    ("steps", "words"),
    [("a:u", "at least two steps"), ("a:u,b", "expected TIME:UNIT"), ("a:u,c:v", "has no column 'c'")],
)
def test_steps_that_are_none_are_told(tmp_path: Path, steps: str, words: str) -> None:
    path = written(tmp_path, "case,a,u,b,v\n1,2024-01-01,x,2024-01-02,y\n")
    assert words in refused(path, "--steps", steps)
    assert "--unit: cannot be combined with --steps" in refused(path, "--steps", "a:u,b:v", "--unit", "u")


def test_a_step_with_start_and_end_is_held_from_its_start_and_closes_with_its_end(tmp_path: Path) -> None:
    rows = "a,open,x,2024-01-01 09:00,2024-01-01 10:00\na,close,y,2024-01-01 09:30,2024-01-03 09:00\n"
    text = f"Case ID,Activity,Department,Start Timestamp,Complete Timestamp\n{rows}b,close,x,2024-01-02 09:00,\n"
    events, cases = read_log(LogOptions.of(written(tmp_path, text), {"closed_by": "close"}), [])
    assert cases.closed.tolist() == [True, False] and cases.days[0] == 2.0
    assert events.completed.tolist() == [True, True, False]
    assert (events.columns["completed"] - events.columns["started"])[0] == 3_600_000_000
    found = answer(written(tmp_path, text))
    assert (found["events"], found["handovers_mean"]) == (3, 0.5)
    named = text.replace("Start Timestamp", "s").replace("Complete Timestamp", "e").replace("Activity", "k")
    assert answer(written(tmp_path, named), "--start", "s", "--end", "e")["handovers_mean"] == 0.5


def test_steps_that_end_before_they_start_are_counted(tmp_path: Path) -> None:
    text = "case,activity,unit,start time,end time\na,o,x,2024-01-03,2024-01-01\na,c,y,2024-01-04,2024-01-05\n"
    found = answer(written(tmp_path, text))
    assert dropped(found)["step_backwards"] == (1, None, "kept") and found["days_median"] == 2.0


LIFE = HEAD.replace("\n", ",lifecycle:transition\n") + (
    "a,x,2024-01-01,close,start\na,x,2024-01-02,close,complete\na,x,2024-01-02,close,start\n"
    "b,x,2024-01-01,close,start\nb,y,2024-01-05,open,complete\n"
)


def test_a_case_is_closed_by_its_first_completed_event_and_open_without_one(tmp_path: Path) -> None:
    path = written(tmp_path, LIFE)
    found = answer(path, "--closed-by", "close")
    assert (found["open_cases"], found["cases"], found["events"]) == (1, 2, 5)
    assert answer(path, "--closed-by", "close", "--lifecycle", "none")["open_cases"] == 0
    again = HEAD + "a,x,2024-01-01,open\na,x,2024-01-02,close\na,x,2024-01-05,close\n"
    found = answer(written(tmp_path, again), "--closed-by", "close")
    assert found["days_median"] == 1.0 and dropped(found)["after_closing"] == (1, None, "kept")


def test_start_and_completion_at_the_same_time_are_no_duplicates(tmp_path: Path) -> None:
    text = LIFE + "b,y,2024-01-05,open,start\n"
    assert "duplicates_kept" not in dropped(answer(written(tmp_path, text)))
    assert dropped(answer(written(tmp_path, text + "b,y,2024-01-05,open,start\n")))["duplicates_kept"][0] == 1


def test_what_is_left_out_stands_in_a_table_and_in_json(tmp_path: Path) -> None:
    text = HEAD + "a,x,2024-01-01,o\na,,2024-01-02,o\n,x,2024-01-02,o\nb,x,,o\nc,x,2024-01-03,c\nc,x,2024-01-03,c\n"
    path = written(tmp_path, text)
    found = answer(path, "--closed-by", "c", "--drop-duplicates", "--after", "2023-01-01")
    assert dropped(found) == {
        "without_case": (1, None, "dropped"), "without_time": (1, 1, "dropped"), "without_unit": (1, 0, "dropped"),
        "duplicates_dropped": (1, None, "dropped"), "open": (None, 1, "open"),
    }  # fmt: skip
    english, chinese = log(path, "--closed-by", "c").stdout, log(path, "--closed-by", "c", "--lang", "zh").stdout
    assert "events without a unit" in english and "没有单位的事件" in chinese
    assert dropped(answer(path, "--after", "2024-01-03"))["other_dates"] == (1, 1, "dropped")
    assert answer(written(tmp_path, HEAD + "a,x,2024-01-01,o\n"))["dropped"] == []


def test_organisations_are_units_before_people(tmp_path: Path) -> None:
    found = answer(written(tmp_path, LONG), "--closed-by", "办结")
    assert found["columns"] == {
        "case": "工单编号",
        "unit": "承办单位",
        "time": "操作时间",
        "activity": "环节",
        "kind": "诉求类型",
    }
    assert (found["handovers_mean"], found["open_cases"]) == (1.0, 1)


@pytest.mark.parametrize(
    ("header", "roles"),
    [
        ("市级工单编号,办理部门名称,环节操作时间,当前办理环节名称,问题三级分类", "case unit time activity kind"),
        ("案件号,处置单位,流转时间,节点,案件类型", "case unit time activity kind"),
        ("诉求编号,责任单位,操作时间,状态,问题类别", "case unit time activity kind"),
        ("受理编号,办理部门,办理时间,操作,事项类型", "case unit time activity kind"),
        ("number,assignment_group,sys_updated_at,incident_state,category", "case unit time activity kind"),
        ("Issue Key,Team,Changed At,Status,Issue Type", "case unit time activity kind"),
        ("case:concept:name,org:resource,time:timestamp,concept:name,case:kind", "case unit time activity kind"),
        ("单号,转出单位,转入单位,日期,步骤", "case - unit time activity"),
        ("工单流水号,处理人,经办科室,处理时间,处理环节", "case - unit time activity"),
        ("EBELN,Department,Timestamp,Activity,lifecycle:transition", "case unit time activity lifecycle"),
    ],
)
def test_usual_headers_are_recognised(header: str, roles: str) -> None:
    present = header.split(",")
    options = LogOptions.of(Path("log.csv"), {})
    assert shape_of(present, options) is Shape.EVENTS
    wanted = {role: name for role, name in zip(roles.split(), present, strict=True) if role != "-"}
    assert map_columns(present, options).columns == wanted


def test_columns_of_people_are_known_by_name_or_by_what_they_hold() -> None:
    for name in ("承办人", "联系人姓名", "来电人", "经办人员", "联系电话", "手机号", "E-mail", "caller_id",
                 "Assigned To", "org:resource", "Customer", "身份证号"):  # fmt: skip
        assert names_people(name), name
    for name in ("承办单位", "环节", "类型", "Department", "org:group", "case", "unit", "处置单位", "人口", "Activity"):
        assert not names_people(name), name
    assert holds_people("备注", ["13812345678", "13912345678"]) and holds_people("x", ["王小明", "李雷", "张伟"])
    assert not holds_people("承办人", ["城管执法局", "公安分局"]) and not holds_people("类型", ["噪音", "占道", "供水"])


def test_people_are_never_named_and_units_not_where_they_are_hidden(tmp_path: Path) -> None:
    path = written(tmp_path, LONG)

    def units(**options: Any) -> list[str]:
        names: list[str] = read_whole(LogOptions.of(path, options), notes).events.names["unit"].to_pylist()
        return names

    notes = list[str]()
    assert units() == ["朝阳街道", "城管执法局"]
    assert units(hide_units=True) == ["unit 1", "unit 2"]
    assert units(unit="承办人") == ["unit 1", "unit 2", "unit 3"]
    assert any("seems to name people" in note for note in notes)
    shown = log(path, "--columns").stdout + log(path, "--columns", "--json").stdout
    assert "朝阳街道" in shown and not any(name in shown for name in ("张三", "李四", "王五"))
    assert "朝阳街道" not in log(path, "--columns", "--hide-units").stdout


def test_columns_are_shown_with_samples_and_what_they_are_taken_for(tmp_path: Path) -> None:
    path = written(tmp_path, WIDE)
    found = json.loads(log(path, "--columns", "--json").stdout)
    roles = {each["name"]: each["role"] for each in found["columns"]}
    assert (found["rows_are"], roles["工单编号"], roles["派单时间"], roles["主办单位"]) == (
        "steps",
        "case",
        "time",
        "unit",
    )
    phone = next(each for each in found["columns"] if each["name"] == "联系电话")
    assert phone["people"] and phone["samples"] == [] and "1380000" not in log(path, "--columns").stdout
    assert "按列名识别" in log(path, "--columns", "--lang", "zh").stdout
    odd = log(written(tmp_path, "foo,bar\n1,2\n"), "--columns")
    assert odd.exit_code == 0 and "no column recognised as case" in odd.stdout


def test_a_column_taken_for_a_deadline_that_holds_none_is_left_out(tmp_path: Path) -> None:
    rows = "a,x,2024-01-01,5个工作日\na,y,2024-01-02,5个工作日\n"
    path = written(tmp_path, f"case,unit,time,办理时限\n{rows}")
    found = answer(path)
    assert found["late_share"] is None and any("holds no times and is left out" in note for note in found["notes"])
    assert "办理时限" in refused(path, "--deadline", "办理时限")


def test_dates_without_hours_keep_the_order_of_the_file_and_that_is_said(tmp_path: Path) -> None:
    rows = "a,x,2024/1/1,o\na,y,2024/1/1,p\na,x,2024/1/1,q\n"
    found = answer(written(tmp_path, HEAD + rows))
    assert found["handovers_mean"] == 2.0 and any("dates without hours" in note for note in found["notes"])


def test_kinds_are_those_of_the_first_event(tmp_path: Path) -> None:
    events, cases = read_log(LogOptions.of(written(tmp_path, LONG), {"closed_by": "办结"}), [])
    assert [events.names["kind"][int(code)].as_py() for code in events.kind()] == ["噪音", "占道"]
    assert cases.begin.size == 2 and (cases.end_day - cases.day)[0] == 8


def test_an_activity_column_of_people_is_not_listed(tmp_path: Path) -> None:
    rows = "a,2024-01-01,x,张三\na,2024-01-02,y,李四\nb,2024-01-02,y,王小明\n"
    told = refused(written(tmp_path, "case,time,unit,step\n" + rows), "--activity", "step", "--closed-by", "closed")
    assert "seems to name people" in told
    assert "张三" not in told
