"""`import_plan`: what would come of a file, and what does."""

import io
import json
from pathlib import Path
from typing import Any

import docx
import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from people.models import Department, Government
from plans import sheets
from plans.exporting import export_plans
from plans.models import Cycle, IssuedPaper, Plan, Terms
from plans.papers.template import HEADS, rows_of
from tests import cast
from tests.plans.test_papers_page import xiping

pytestmark = pytest.mark.django_db

LIST = """2023年政府工作报告重点工作责任分解
一、主要目标
1.新增5G基站2500个。（市工信局牵头，市住建局配合）
2.改造老旧小区88个、新建公厕30座。（市住建局、市城投公司）
3.6月底前开工建设第七污水处理厂。（市住建局）
"""


def run(*args: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command("import_plan", *(str(arg) for arg in args), stdout=out, **options)
    return out.getvalue()


def preview(*args: Any) -> dict[str, Any]:
    return json.loads(run(*args, "--json"))


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def workbook(folder: Path) -> Path:
    """A real xlsx: merged title and heads, a per-cent format, a true date, a formula in the totals row."""
    path = folder / "2023年责任分解表.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("分解表")
        sheet.merge_range("A1:F1", "2023年政府工作报告目标任务责任分解表")
        for column, head in enumerate(("序号", "指标名称", "计量单位", "2023年目标", "牵头单位", "完成时限")):
            sheet.write(1, column, head)
        sheet.merge_range("A3:F3", "一、主要指标")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        rows = [("新增5G基站", "个", 2500, "市工信局"), ("研发活动覆盖率", "%", 0.6, "市工信局"), ("老旧小区改造", "个", "≥88", "市住建局")]
        for n, (name, unit, value, lead) in enumerate(rows, start=3):
            sheet.write(n, 0, n - 2)
            sheet.write(n, 1, name)
            sheet.write(n, 2, unit)
            sheet.write(n, 3, value, book.add_format({"num_format": "0%"}) if unit == "%" else None)
            sheet.write(n, 4, lead)
            sheet.write_datetime(n, 5, cast.dt.datetime(2023, 11, 30), day)
        sheet.write(6, 0, "合计")
        sheet.write_formula(6, 3, "=SUM(D4:D6)", None, 2588.6)
    return path


def test_a_preview_names_items_refused_cells_and_the_rest_and_leaves_nothing(tmp_path):
    cast.city()
    found = preview(written(tmp_path, "a.txt", LIST))
    assert [(i["row"], i["name"], i["targets"][0]["value"], i["lead"]) for i in found["items"]] == [
        ("第3行", "新增5G基站", "2500", "市工业和信息化局"),
        ("第4行", "改造老旧小区", "88", "市住房和城乡建设局"),
        ("第4行", "新建公厕", "30", "市住房和城乡建设局"),
        ("第5行", "开工建设第七污水处理厂", None, "市住房和城乡建设局"),
    ]
    assert found["items"][1]["uncertain"] == ["supporting"]
    assert found["refused"] == []
    assert [row["why"] for row in found["not_items"]] == ["preamble", "heading"]
    assert (Plan.objects.count(), IssuedPaper.objects.count()) == (1, 0)


def test_a_real_workbook_is_read_with_formats_dates_and_a_formula_nobody_needs(tmp_path):
    cast.city()
    found = preview(workbook(tmp_path))
    assert [(i["name"], i["targets"][0]["value"], i["unit"], i["targets"][0]["due"]) for i in found["items"]] == [
        ("新增5G基站", "2500", "个", "2023-11-30"),
        ("研发活动覆盖率", "60", "%", "2023-11-30"),
        ("老旧小区改造", "88", "个", "2023-11-30"),
    ]
    assert (found["refused"], found["not_items"][-1]["why"]) == ([], "total")


def test_a_real_document_and_a_gb18030_table_are_read(tmp_path):
    cast.city()
    paper = docx.Document()
    paper.add_heading("一、工业", level=1)
    paper.add_paragraph("新增上云企业1500家以上。（市工信局）", style="List Number")
    table = paper.add_table(rows=2, cols=3)
    for cell, text in zip([c for row in table.rows for c in row.cells], ("序号", "工作内容", "责任单位", "1", "改造老旧小区94个", "市住建局"), strict=True):
        cell.text = text
    paper.save(str(tmp_path / "分工.docx"))
    assert [(i["name"], i["lead"]) for i in preview(tmp_path / "分工.docx")["items"]] == [
        ("新增上云企业", "市工业和信息化局"),
        ("改造老旧小区", "市住房和城乡建设局"),
    ]
    csv = "序号,目标任务,责任单位\r\n1,新增5G基站2000个,市工信局\r\n".encode("gb18030")
    assert [i["name"] for i in preview(written(tmp_path, "b.csv", csv))["items"]] == ["新增5G基站"]


def test_saving_makes_a_draft_and_publishes_nothing(tmp_path):
    cast.city()
    run(written(tmp_path, "a.txt", LIST), "--plan", "report-2023", "--save")
    plan = Plan.objects.get(code="report-2023")
    assert (plan.state, plan.title, str(plan.start), str(plan.end)) == ("draft", "2023年政府工作报告重点工作责任分解", "2023-01-01", "2023-12-31")
    assert Terms.objects.filter(item__plan=plan, published_at__isnull=False).count() == 0
    note = Terms.objects.get(item__plan=plan, item__code="2-1").targets.get().note
    assert note == "配合：市城投公司"


def test_a_second_paper_shows_what_changed_and_changes_only_that(tmp_path):
    city = cast.city()
    run(written(tmp_path, "a.txt", LIST), "--plan", "report-2023", "--save")
    Terms.objects.filter(item__code="2-2").update(lead=city.departments["gxj"])  # what a person made of it since
    newer = written(tmp_path, "b.txt", LIST.replace("2500个", "2600个").replace("3.6月底前开工建设第七污水处理厂", "3.建成口袋公园12个"))
    changes = preview(newer, "--plan", "report-2023")["changes"]
    assert [(c["code"], c["state"], list(c["fields"])) for c in changes] == [("1", "changed", ["targets"]), ("3-n2", "new", []), ("3", "gone", [])]
    with pytest.raises(CommandError, match="由谁修改"):
        run(newer, "--plan", "report-2023", "--save")
    run(newer, "--plan", "report-2023", "--save", "--by", "supervisor")
    held = {t.item.code: t for t in Terms.objects.filter(item__plan__code="report-2023").select_related("item", "lead")}
    assert str(held["1"].targets.get().value.normalize()) == "2.6E+3"
    assert held["2-2"].lead == city.departments["gxj"]
    assert sorted(held) == ["1", "2-1", "2-2", "3", "3-n2"]


def test_a_refused_cell_is_named_and_nothing_is_saved(tmp_path):
    cast.city()
    bad = "序号,目标任务,责任单位,完成时限\n1,新增5G基站2000个,市工信局,2月30日\n"
    with pytest.raises(CommandError, match="全部未导入"):
        run(written(tmp_path, "b.csv", bad), "--plan", "report-2023", "--save")
    assert preview(written(tmp_path, "b.csv", bad), "--plan", "report-2023")["refused"] == [{"cell": "b!D2", "why": "no_day"}]
    assert (Plan.objects.count(), IssuedPaper.objects.count()) == (1, 0)


def test_a_published_plan_is_not_changed(tmp_path):
    cast.city()
    with pytest.raises(CommandError, match="目标调整"):
        run(written(tmp_path, "a.txt", LIST), "--plan", "report-2022", "--save", "--by", "supervisor")


def test_an_export_goes_into_an_empty_government_and_comes_out_equal(tmp_path):
    city = cast.city()
    before = export_plans(city.government)
    path = written(tmp_path, "e.json", json.dumps(before, ensure_ascii=False))
    empty = Government.objects.create(code="empty", name="空市", name_en="Empty")
    for name in ("month", "quarter", "year"):
        Cycle.objects.create(government=empty, name=name, frequency=name)
    said = run(path, "--government", "empty", "--save")
    assert "department opened: 市工业和信息化局" in said
    assert export_plans(empty, drafts=True) == before
    assert export_plans(empty) == {"plans": []}
    assert Department.objects.of(empty).count() == 3


def test_parts_go_out_and_come_in_by_every_form(tmp_path):
    city = cast.city()
    xiping(city)
    paper = "2023年分县分解表\n序号,任务,单位,合计,西平县,上蔡县,责任单位\n1,新建高标准农田,万亩,18,10,8,市住建局\n"
    said = preview(written(tmp_path, "c.csv", paper), "--plan", "shared")["items"]
    assert [(item["code"], item.get("part_of"), item.get("adding")) for item in said] == [("1", None, "sum"), ("1.1", "1", None), ("1.2", "1", None)]
    run(written(tmp_path, "c.csv", paper), "--plan", "shared", "--save")
    drafts = export_plans(city.government, drafts=True)
    shared = next(plan for plan in drafts["plans"] if plan["code"] == "shared")["items"]
    own = written(tmp_path, "t.xlsx", sheets.write_xlsx([sheets.Table("责任分解", HEADS, rows_of(shared))]))
    read = preview(own, "--plan", "again")["items"]
    assert [{name: item.get(name) for name in one} for item, one in zip(read, shared, strict=True)] == [
        {**one, "source": {**one["source"], "document": item["source"]["document"]}} for item, one in zip(read, shared, strict=True)
    ]
    empty = Government.objects.create(code="empty", name="空市", name_en="Empty")
    for name in ("month", "quarter", "year"):
        Cycle.objects.create(government=empty, name=name, frequency=name)
    run(written(tmp_path, "e.json", json.dumps(drafts, ensure_ascii=False)), "--government", "empty", "--save")
    assert export_plans(empty, drafts=True) == drafts


def test_our_own_table_loses_nothing(tmp_path):
    city = cast.city()
    items = export_plans(city.government)["plans"][0]["items"]
    path = written(tmp_path, "t.xlsx", sheets.write_xlsx([sheets.Table("责任分解", HEADS, rows_of(items))]))
    read = preview(path, "--plan", "again")["items"]
    kept = [{name: item[name] for name in items[0]} for item in read]
    for item in kept:
        item["source"] = {**item["source"], "document": items[0]["source"]["document"]}
    assert kept == items


@pytest.mark.parametrize(
    ("head", "given", "why"),
    [
        ("编号", "1-02", "code_twice"),
        ("目标值", "很多", "no_number"),
        ("完成时限", "2021-06-30", "due_before_start"),
        ("节点", "开工@2022-06-30×-1", "no_step"),
        ("比较方式", "大概", "no_word"),
    ],
)
def test_our_own_table_refuses_a_bad_cell_at_its_address(tmp_path, head, given, why):
    city = cast.city()
    rows = rows_of(export_plans(city.government)["plans"][0]["items"])
    rows[0][HEADS.index(head)] = given
    path = written(tmp_path, "2022.xlsx", sheets.write_xlsx([sheets.Table("责任分解", HEADS, rows)]))
    found = preview(path, "--plan", "again")["refused"]
    assert why in [one["why"] for one in found]
    assert all(one["cell"].startswith("责任分解!") for one in found)


@pytest.mark.parametrize(("name", "content"), [("a.xlsx", b"PK\x03\x04broken"), ("a.json", b"{}"), ("a.exe", b"MZ"), ("a.csv", b"")])
def test_a_file_that_is_no_paper_says_why(tmp_path, name, content):
    cast.city()
    with pytest.raises(CommandError):
        run(written(tmp_path, name, content), "--json")
