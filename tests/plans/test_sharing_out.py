"""Two people publish what was consulted on, the paper is written, whoever got it signs for it, and one day the plan is closed."""

import datetime as dt
import hashlib
import io
import json

import docx
import pytest
from django.db import IntegrityError, transaction

from people.models import AuditEntry
from plans import consulting, sharing_out, sheets
from plans.editing.items import change_item, draft_terms
from plans.editing.rights import NotAllowed, Overtaken, Wrong
from plans.editing.rows import ItemChange
from plans.importing import load_draft
from plans.models import Amendment, Closure, Issuance, Item, Plan, Publication, Signature, Terms
from tests import cast
from tests.plans.sharing import AFTER, AT, LIMIT, SAME, Desk
from tracker import jobs
from tracker.models import Duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("position").values_list("verb", flat=True))[-3:]


def test_nothing_is_proposed_while_something_stands_in_the_way(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        desk.propose()
    desk.open()
    desk.accept("reviewer")
    with pytest.raises(NotAllowed, match="3 行没有答复"):
        desk.propose(at=SAME)
    opinion = desk.object_to("county", "2-02", wording="改造老旧小区")
    with pytest.raises(NotAllowed, match="1 条意见"):
        desk.propose()
    consulting.refuse(opinion, "照原文", desk.supervisor, AFTER)
    with pytest.raises(Wrong):
        desk.propose(" ")
    with pytest.raises(NotAllowed):
        sharing_out.propose(desk.plan, "1号", LIMIT, desk.city.person("auditor"), AFTER)
    item = Item.objects.get(plan=desk.made, code="1-02")
    change_item(item, ItemChange(final={"comparator": "", "value": None}), desk.supervisor, AFTER, draft_terms(item).version)
    with pytest.raises(NotAllowed, match="检查意见"):
        desk.propose()
    change_item(item, ItemChange(terms={"lead_id": desk.city.departments["tjj"].pk}, final={"comparator": "at_least", "value": cast.d("1")}),
                desk.supervisor, AFTER, draft_terms(item).version)  # fmt: skip
    with pytest.raises(NotAllowed, match="1 行在截止后"):
        desk.propose()
    assert not Issuance.objects.exists()


def test_a_second_person_publishes_just_what_was_proposed(desk: Desk) -> None:
    desk.open()
    desk.accept_all()
    proposed = desk.propose(at=SAME)  # all have spoken: before the limit too
    with pytest.raises(NotAllowed):
        desk.propose()
    for who in (desk.supervisor, desk.city.person("administrator"), desk.city.person("reviewer")):
        with pytest.raises(NotAllowed):
            sharing_out.publish(proposed, who, AFTER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Issuance.objects.filter(pk=proposed.pk).update(state="published", published_by=desk.supervisor.user, published_at=AFTER)
    item = Item.objects.get(plan=desk.made, code="1-02")
    change_item(item, ItemChange(terms={"weight": cast.d("2")}), desk.second, SAME, draft_terms(item).version)
    with pytest.raises(Overtaken):
        sharing_out.publish(proposed, desk.second, AFTER)
    assert (desk.plan.state, Publication.objects.filter(plan=desk.made).count()) == (Plan.State.CONSULTATION, 0)
    sharing_out.take_back(proposed, desk.second, AFTER)
    again = desk.propose()
    sharing_out.publish(again, desk.second, AFTER)
    with pytest.raises(NotAllowed):
        sharing_out.publish(again, desk.second, AFTER)
    with pytest.raises(NotAllowed):
        sharing_out.take_back(again, desk.second, AFTER)
    assert (desk.plan.state, Amendment.objects.get(plan=desk.made).state) == ("published", "published")
    assert set(Terms.objects.filter(item__plan=desk.made).values_list("published_at", flat=True)) == {AFTER}
    body = json.loads(Publication.objects.get(plan=desk.made).body)
    assert [row["code"] for row in body["items"]] == ["1-01", "1-02", "2-01", "2-02"]
    assert verbs()[-1] == "plan published"
    with pytest.raises(IntegrityError), transaction.atomic():
        Issuance.objects.filter(pk=again.pk).update(number="别的号")


def test_the_line_opens_the_periods_of_what_was_published_today(desk: Desk) -> None:
    jobs.tick(cast.noon("2022-10-21") - dt.timedelta(hours=1))
    assert not Duty.objects.filter(measure__code__startswith="next-").exists()
    desk.publish()
    jobs.tick(AFTER + dt.timedelta(minutes=1))
    assert set(Duty.objects.filter(measure__code__startswith="next-").values_list("measure__code", "period__number")) == set()
    jobs.tick(cast.noon("2022-12-21"))
    duties = list(
        Duty.objects.filter(measure__code__startswith="next-").order_by("measure__code").values_list("measure__code", "period__number", "department__code")
    )
    assert duties == [("next-1-01", 4, "gxj"), ("next-1-02", 4, "gxj"), ("next-2-01", 4, "zjj"), ("next-2-02", 4, "scx")]


def test_the_paper_is_written_in_official_layout_and_as_a_workbook(desk: Desk) -> None:
    issuance = desk.publish()
    files = {f.kind: f for f in issuance.files.all()}
    assert all(hashlib.sha256(bytes(f.content)).hexdigest() == f.sha256 for f in files.values())
    paper = docx.Document(io.BytesIO(bytes(files["docx"].content)))
    section = paper.sections[0]
    assert [round(side.mm) for side in (section.page_height, section.page_width)] == [297, 210]
    assert [round(side.mm) for side in (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)] == [37, 35, 28, 26]
    assert [p.text for p in paper.paragraphs if p.text] == ["测试工作报告责任分解表", "驻政办〔2022〕5号", "市人民政府", "2022年10月21日"]
    fonts = {
        p.text: p.runs[0]._element.rPr.rFonts.get("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia") for p in paper.paragraphs if p.text
    }
    assert (fonts["测试工作报告责任分解表"], fonts["驻政办〔2022〕5号"]) == ("方正小标宋简体", "仿宋_GB2312")
    table = paper.tables[0]
    assert "<w:tblHeader/>" in table.rows[0]._tr.xml
    assert [cell.text for cell in table.rows[0].cells] == ["序号", "目标任务", "牵头单位", "配合单位", "完成时限"]
    assert table.rows[1].cells[0].text == "一、工业"
    assert [cell.text for cell in table.rows[2].cells] == ["1", "新增企业：20家以上", "市工业和信息化局", "市住房和城乡建设局", "2022年12月底前"]
    assert table.rows[5].cells[1].text == "开工污水厂\n选址（2022年10月底前）\n开工（2022年12月15日前）"
    assert 'w:charSpace="-842"' in section._sectPr.xml
    assert 'w:linePitch="580"' in section._sectPr.xml
    assert paper.settings.odd_and_even_pages_header_footer
    assert "PAGE" in section.footer.paragraphs[0]._p.xml
    grid = next(sheets.open_paper(bytes(files["xlsx"].content), "table.xlsx").grids)
    rows = [[cell.text for cell in row] for row in grid.rows]
    assert rows[2] == ["序号", "目标任务", "牵头单位", "配合单位", "完成时限", "板块", "编号"]
    assert [row[-1] for row in rows[3:]] == ["1-01", "1-02", "2-01", "2-02"]


def test_each_department_signs_once_for_what_it_got(desk: Desk) -> None:
    issuance = desk.publish()
    assert list(issuance.signatures.order_by("pk").values_list("department__code", flat=True)) == ["gxj", "zjj", "scx"]
    mine = issuance.signatures.select_related("department", "issuance__plan").get(department__code="gxj")
    for login in ("builder", "supervisor", "steward"):
        with pytest.raises(NotAllowed):
            sharing_out.sign(mine, desk.city.person(login), AFTER)
    sharing_out.sign(mine, desk.city.person("reporter"), AFTER)
    with pytest.raises(NotAllowed):
        sharing_out.sign(mine, desk.city.person("reviewer"), AFTER)
    assert Signature.objects.get(pk=mine.pk).signed_by == desk.city.user("reporter")
    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.filter(pk=mine.pk).update(signed_by=desk.city.user("reviewer"))


def test_a_number_is_taken_once(desk: Desk) -> None:
    desk.publish()
    other = load_draft(desk.city.government, cast.body([cast.item("1-01", "另一项", measure={"code": "other"})], code="other"), desk.supervisor, AT)
    consulting.open_consultation(other, LIMIT, "", desk.supervisor, AT)
    with pytest.raises(Wrong):
        sharing_out.propose(Plan.objects.get(pk=other.pk), "驻政办〔2022〕5号", LIMIT, desk.supervisor, AFTER)


def test_a_published_plan_is_closed_once_with_a_reason_and_owes_no_more(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        sharing_out.close(desk.plan, "完成", desk.supervisor, AT)
    desk.publish()
    for who, why in ((desk.supervisor, " "), (desk.supervisor, "字" * 401), (desk.city.person("leader"), "完成")):
        with pytest.raises(NotAllowed):
            sharing_out.close(desk.plan, why, who, AFTER)
    closed = sharing_out.close(desk.plan, "已全部办结", desk.supervisor, AFTER)
    with pytest.raises(NotAllowed):
        sharing_out.close(desk.plan, "再办", desk.second, AFTER)
    assert (desk.plan.state, Closure.objects.get().reason, verbs()[-1]) == ("closed", "已全部办结", "plan closed")
    with pytest.raises(IntegrityError), transaction.atomic():
        Closure.objects.filter(pk=closed.pk).update(reason="改")
    jobs.tick(cast.noon("2022-12-21"))
    assert not Duty.objects.filter(measure__code__startswith="next-").exists()
