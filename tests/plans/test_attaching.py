"""The document beside its promises: attached by a supervisor or an operator, read by who reads the plan, set aside with a reason."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people import locks
from people.models import AuditEntry
from plans import attaching
from plans.attaching import Copy, NotAttached
from plans.models import Attachment, Document, Passage, PassageLink, Plan, SetAside
from plans.queries.document import marked
from tests import cast
from tests.cast import noon
from tests.plans.sheets import papers
from tests.tracker.stood import client_of, draft

pytestmark = pytest.mark.django_db
AT = noon("2022-10-17")
TEXT = """测试工作报告
一、工业
（一）企业
做大企业。新增上云企业1500家以上，新建标准化厂房90万平方米。建成企业服务总入口。
完成三件没有立项的大事。
弘扬企业家精神。
"""
LOCATOR = {"document": "测试工作报告", "locator": "一（一）做大企业"}


def items() -> list[dict[str, Any]]:
    return [
        cast.item("1-01", "新增上云企业", source=LOCATOR, targets=[cast.target(comparator="at_least", value="1500", unit="家")]),
        cast.item("1-02", "新建标准化厂房", source=LOCATOR, targets=[cast.target(comparator="at_least", value="90", unit="万平方米")]),
        cast.item("1-03", "建成企业服务总入口", source=LOCATOR, targets=[cast.target(comparator="at_least", value="1", unit="个")]),
    ]


@pytest.fixture
def city() -> cast.City:
    return cast.city(plan=cast.body(items()))


def attached(city: cast.City, text: str = TEXT) -> attaching.Attached:
    copy = Copy.of("报告.txt", text.splitlines(), text.encode())
    return attaching.attach(city.plan.document, copy, city.person("supervisor"), AT)


def passage(words: str) -> Passage:
    return Passage.objects.get(text__contains=words)


def test_every_item_is_joined_to_its_words(city: cast.City) -> None:
    done = attached(city)
    assert (done.found, done.missing) == (3, [])
    links = PassageLink.objects.select_related("passage", "item")
    assert {link.item.code: link.passage.text[link.start : link.start + link.length] for link in links} == {
        "1-01": "新增上云企业1500家以上", "1-02": "新建标准化厂房90万平方米", "1-03": "建成企业服务总入口",
    }  # fmt: skip
    entry = json.loads(AuditEntry.objects.filter(verb="document attached").get().body)
    assert entry["facts"]["sha256"] == Attachment.objects.get().sha256


def test_the_page_says_how_many_have_an_item_and_the_items_page_marks_its_words(city: cast.City) -> None:
    attached(city)
    client, url = client_of(city, "reporter"), f"/documents/{city.plan.document_id}/"
    html = client.get(url).content.decode()
    assert "有承诺的 3 句，2 句已立项" in html
    assert "1 句未立项" in html
    assert "<mark>新增上云企业1500家以上</mark>，<mark>新建标准化厂房90万平方米</mark>。" in html
    assert "不立项…" not in html  # a reporter reads
    only = client.get(f"{url}?show=open").content.decode()
    assert ("完成三件" in only, "弘扬" in only) == (True, False)
    item = client.get("/items/report-2022/1-01/").content.decode()
    assert "<mark>新增上云企业1500家以上</mark>，新建标准化厂房90万平方米。" in item
    assert f'href="{url}#s{passage("1500").position}"' in item


def test_a_sentence_is_set_aside_with_a_reason_and_taken_up_again(city: cast.City) -> None:
    attached(city)
    client, open_one = client_of(city, "supervisor"), passage("三件")
    refused = client.post(f"/passages/{open_one.pk}/", {"reason": " ", "show": "open"})
    assert (refused.status_code, "请写明不立项的原因。" in refused.content.decode()) == (422, True)
    client.post(f"/passages/{open_one.pk}/", {"reason": "三件大事另有专项方案"})
    html = client.get(f"/documents/{city.plan.document_id}/").content.decode()
    assert "1 句已说明不立项" in html
    assert "不立项：三件大事另有专项方案" in html
    again = client.post(f"/passages/{open_one.pk}/", {"reason": "又一个理由"})
    assert (again.status_code, SetAside.objects.get().reason) == (422, "三件大事另有专项方案")
    client.post(f"/passages/{open_one.pk}/", {"do": "back"})
    assert not SetAside.objects.exists()
    assert [e.verb for e in AuditEntry.objects.filter(subject=f"passage:{open_one.pk}")] == ["passage set aside", "passage taken up again"]


def test_a_sentence_with_an_item_is_not_set_aside(city: cast.City) -> None:
    attached(city)
    with pytest.raises(NotAttached, match="已有事项"):
        attaching.set_aside(passage("总入口"), "理由", city.person("supervisor"), AT)


def test_what_people_said_stays_with_another_copy(city: cast.City) -> None:
    attached(city)
    attaching.set_aside(passage("三件"), "另有方案", city.person("supervisor"), AT)
    attaching.join(city.plan.items.get(code="1-03"), passage("弘扬"), city.person("supervisor"), AT)
    attached(city, "测试工作报告\n前面多了一句话。\n" + TEXT.partition("\n")[2])
    assert SetAside.objects.get().passage.text == "完成三件没有立项的大事。"
    assert [link.passage.text for link in PassageLink.objects.filter(item__code="1-03")] == ["弘扬企业家精神。"]
    assert Attachment.objects.count() == 1


def test_only_a_supervisor_of_the_city_attaches(city: cast.City) -> None:
    strange = cast.stranger_city()
    copy = Copy.of("报告.txt", TEXT.splitlines(), b"x")
    for person in (city.person("reporter"), city.person("administrator"), strange.person("supervisor")):
        with pytest.raises(NotAttached, match="只有督查员"):
            attaching.attach(city.plan.document, copy, person, AT)
    assert not Passage.objects.exists()


def test_the_text_of_a_draft_is_read_by_who_reads_drafts(city: cast.City) -> None:
    code = draft(city)
    Plan.objects.filter(code=code).update(
        document=Document.objects.create(government=city.government, number="1", title="秘密", issuer="市", date="2022-01-01")
    )
    document = Plan.objects.get(code=code).document
    attaching.attach(document, Copy.of("a.txt", TEXT.splitlines(), b"x"), city.person("supervisor"), AT)
    status = {login: client_of(city, login).get(f"/documents/{document.pk}/").status_code for login in ("reporter", "supervisor", "auditor", "leader")}
    assert status == {"reporter": 404, "supervisor": 200, "auditor": 200, "leader": 404}
    assert not Passage.objects.visible_to(city.person("reporter")).exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "没有选择文件"), (b"\x81", "看不出文件用的是什么编码"), (b"  \n \n", "没有读到文字"), (b"%PDF-1.4 cut off", "文件已损坏")],
)
def test_a_file_without_text_is_refused_at_the_field(city: cast.City, content: bytes, words: str) -> None:
    attached(city)
    answer = client_of(city, "supervisor").post(f"/documents/{city.plan.document_id}/attach/", {"file": SimpleUploadedFile("x.txt", content)})
    assert (answer.status_code, words in answer.content.decode(), Passage.objects.count()) == (422, True, 5)


@pytest.mark.parametrize("name", ["报告.docx", "报告.pdf"])
def test_papers_of_offices_are_read(city: cast.City, name: str) -> None:
    lines = TEXT.splitlines()
    content = papers.word(lambda paper: [paper.add_paragraph(line) for line in lines]) if name.endswith("docx") else pdf(lines)
    client_of(city, "supervisor").post(f"/documents/{city.plan.document_id}/attach/", {"file": SimpleUploadedFile(name, content)})
    links = PassageLink.objects.select_related("passage")
    assert {link.passage.text[link.start : link.start + link.length] for link in links} == {
        "新增上云企业1500家以上",
        "新建标准化厂房90万平方米",
        "建成企业服务总入口",
    }


def pdf(lines: list[str]) -> bytes:
    """One page with these lines, each sign by its code point."""
    told = "\n".join(f"<{line.encode('utf-16-be').hex()}> Tj T*" for line in lines)
    cmap = "begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfrange <0000> <ffff> <0000> endbfrange endcmap"
    streams = [f"<< /Length {len(body)} >> stream\n{body}\nendstream" for body in (f"BT /F 12 Tf 14 TL 40 800 Td {told} ET", cmap)]
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 850] /Resources << /Font << /F 4 0 R >> >> /Contents 6 0 R >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /DescendantFonts [5 0 R] /ToUnicode 7 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        *streams,
    ]  # fmt: skip
    body, at = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        at.append(len(body))
        body += f"{number} 0 obj {text} endobj\n".encode()
    table = "".join(f"{n:010d} 00000 n \n" for n in at)
    return body + f"xref\n0 {len(at) + 1}\n0000000000 65535 f \n{table}trailer << /Root 1 0 R /Size {len(at) + 1} >>\nstartxref\n{len(body)}\n%%EOF".encode()


def test_a_file_in_gb18030_is_read(city: cast.City) -> None:
    client = client_of(city, "supervisor")
    client.post(f"/documents/{city.plan.document_id}/attach/", {"file": SimpleUploadedFile("报告.txt", TEXT.encode("gb18030"))})
    assert PassageLink.objects.count() == 3


def test_the_command_joins_each_document_of_a_collection(city: cast.City, tmp_path: Path, capsys: Any) -> None:
    locks.lift()  # the source of a published plan is not changed otherwise
    Document.objects.filter(pk=city.plan.document_id).update(number="测政〔2022〕1号")
    locks.lay()
    path = tmp_path / "gazette.txt"
    path.write_text("别的报告\n新增上云企业1500家以上。\n某市人民政府\n关于印发的通知\n测政〔2022〕1号\n" + TEXT, encoding="utf-8")
    call_command("attach_document", str(path), "--json")
    said = json.loads(capsys.readouterr().out)["documents"]
    assert [(row["found"], row["missing"]) for row in said] == [(3, [])]
    assert not Passage.objects.filter(locator="", text__contains="别的报告").exists()
    other = tmp_path / "other.txt"
    other.write_text("另一座城市的报告。\n", encoding="utf-8")
    with pytest.raises(CommandError, match="没有找到"):
        call_command("attach_document", str(other))


def test_a_page_takes_the_same_statements_with_few_and_with_many_sentences(city: cast.City) -> None:
    client, taken = client_of(city, "supervisor"), set()
    for text in (TEXT, TEXT + "建成又一个项目。\n" * 30):
        attached(city, text)
        client.get(f"/documents/{city.plan.document_id}/")
        with CaptureQueriesContext(connection) as statements:
            client.get(f"/documents/{city.plan.document_id}/")
        taken.add(len(statements))
    assert len(taken) == 1


def test_overlapping_marks_are_one() -> None:
    assert marked("甲乙丙丁戊", [(1, 2), (2, 2), (4, 9)]) == [("甲", False), ("乙丙丁戊", True)]
    assert marked("甲乙", []) == [("甲乙", False)]
