"""Files that support a report: taken by their content, stored under their hash."""

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from tests.cast import noon
from tests.tracker.desk import OCTOBER, Desk, story
from tracker import evidence, reporting
from tracker.models import Evidence, ProgressReport
from tracker.turns import AlreadyMoved, Refused

PDF = b"%PDF-1.7\n..."


@pytest.fixture
def desk(db: None, tmp_path: Path, settings: Any) -> Desk:
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    return Desk()


def office(*parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for part in parts:
            archive.writestr(part, "<x/>")
    return file.getvalue()


def ole(stream: str) -> bytes:
    return evidence.OLE + b"\x00" * 504 + stream.encode("utf-16-le") + b"\x00" * 64


def attach(desk: Desk, name: str = "批复.pdf", content: bytes = PDF, login: str = "reporter") -> Evidence:
    report = desk.draft(desk.duty("cloud"))
    return reporting.attach(report, name, [content[:4], content[4:]], desk.city.person(login), OCTOBER)


def refusal(desk: Desk, name: str, content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        attach(desk, name, content)
    assert Evidence.objects.count() == 0
    return caught.value.problems[0].code


def files() -> list[str]:
    return sorted(p.name for p in Path(settings.EVIDENCE_ROOT).rglob("*") if p.is_file())


def test_a_file_lies_under_its_hash_and_its_row_says_what_it_is(desk: Desk) -> None:
    file = attach(desk)

    assert (file.sha256, file.name, file.size, file.kind, file.added_by.login) == (
        hashlib.sha256(PDF).hexdigest(),
        "批复.pdf",
        len(PDF),
        "application/pdf",
        "reporter",
    )
    assert evidence.path_of(file.sha256).read_bytes() == PDF
    assert files() == [file.sha256]


@pytest.mark.parametrize(
    ("name", "content", "kind", "kept"),
    [
        ("a.pdf", PDF, "application/pdf", "a.pdf"),
        ("照片.PNG", b"\x89PNG\r\n\x1a\n0000", "image/png", "照片.PNG"),
        ("b.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg", "b.jpeg"),
        ("表.xlsx", office("[Content_Types].xml", "xl/workbook.xml"), f"{evidence.OOXML}spreadsheetml.sheet", "表.xlsx"),
        ("文.docx", office("[Content_Types].xml", "word/document.xml"), f"{evidence.OOXML}wordprocessingml.document", "文.docx"),
        ("讲.pptx", office("[Content_Types].xml", "ppt/presentation.xml"), f"{evidence.OOXML}presentationml.presentation", "讲.pptx"),
        ("旧.xls", ole("Workbook"), "application/vnd.ms-excel", "旧.xls"),
        ("旧.et", ole("Workbook"), "application/vnd.ms-excel", "旧.et"),
        ("旧.doc", ole("WordDocument"), "application/msword", "旧.doc"),
        ("名单.txt", "驻马店".encode(), "text/plain", "名单.txt"),
        ("名单.csv", "驻马店,1\n".encode("gb18030"), "text/csv", "名单.csv"),
        ("页面.html", PDF, "application/pdf", "页面.html.pdf"),
        ("没有后缀", PDF, "application/pdf", "没有后缀.pdf"),
    ],
)
def test_the_type_comes_from_the_content(desk: Desk, name: str, content: bytes, kind: str, kept: str) -> None:
    file = attach(desk, name, content)

    assert (file.kind, file.name) == (kind, kept)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", office("a.txt")),
        ("宏.xlsx", office("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin")),
        ("坏.xlsx", b"PK\x03\x04 broken"),
        ("宏.xls", ole("Workbook") + "_VBA_PROJECT".encode("utf-16-le")),
        ("信.msg", ole("Inbox")),
        ("a.exe", b"MZ\x90\x00"),
        ("假.pdf", b"<html><script>"),
        ("页.html", b"<html><script>"),
        ("图.svg", b"<svg onload='x'/>"),
        ("二进制.txt", b"abc\x00def"),
        ("乱码.txt", b"\xff\xff\xff"),
        ("程序.txt", b"\x7fELF\x01\x02"),
    ],
)
def test_what_is_not_on_the_list_is_refused(desk: Desk, name: str, content: bytes) -> None:
    assert refusal(desk, name, content) == "file_kind"
    assert files() == []


def test_an_empty_file_is_refused(desk: Desk) -> None:
    assert refusal(desk, "a.pdf", b"") == "file_empty"


def test_a_file_that_is_too_large_is_refused_while_it_streams(desk: Desk, settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = 10

    assert refusal(desk, "a.pdf", PDF) == "file_size"
    assert files() == []


@pytest.mark.parametrize("name", ["a\r\nX: y.pdf", "a\n.pdf", "a\x00.pdf", "", " . ", "\u202e"])
def test_a_name_with_line_breaks_or_without_letters_is_refused(desk: Desk, name: str) -> None:
    assert refusal(desk, name, PDF) == "file_name"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/a.pdf", "a.pdf"),
        ("C:\\Users\\王\\批复.pdf", "批复.pdf"),
        ("批\u202e\u200b复\t.pdf", "批复.pdf"),
        ("长" * 300 + ".pdf", "长" * 180 + ".pdf"),
    ],
)
def test_a_name_is_cleaned(desk: Desk, name: str, kept: str) -> None:
    assert attach(desk, name).name == kept


def test_the_same_file_twice_is_one(desk: Desk) -> None:
    assert attach(desk) == attach(desk, "另一个名字.pdf")
    assert Evidence.objects.count() == 1


def test_ten_files_are_enough(desk: Desk) -> None:
    for n in range(10):
        attach(desk, f"{n}.pdf", PDF + str(n).encode())

    with pytest.raises(Refused, match="一份填报最多10个附件。"):
        attach(desk, "11.pdf")
    assert Evidence.objects.count() == 10


def test_a_file_moves_no_version_and_enters_the_story(desk: Desk) -> None:
    report = desk.draft(desk.duty("cloud"), value="4540")
    file = attach(desk, login="reporter2")
    now = ProgressReport.objects.get(pk=report.pk)

    assert (now.version, now.edited_by.login) == (report.version, "reporter2")
    assert story(report)[-1] == ("attached", "reporter2")

    reporting.detach(file, desk.city.person("reporter"), OCTOBER)
    assert (Evidence.objects.count(), story(report)[-1]) == (0, ("detached", "reporter"))
    assert evidence.path_of(file.sha256).exists() is True


def test_nothing_is_attached_to_what_was_submitted(desk: Desk) -> None:
    file = attach(desk)
    report = desk.submit(desk.duty("cloud"), value="4540")

    with pytest.raises(AlreadyMoved):
        reporting.attach(report, "b.pdf", [PDF + b"b"], desk.city.person("reporter"), OCTOBER)
    with pytest.raises(AlreadyMoved):
        reporting.detach(file, desk.city.person("reporter"), OCTOBER)
    assert files() == [file.sha256]


def test_the_database_keeps_the_evidence_of_an_accepted_report(desk: Desk) -> None:
    file = attach(desk)
    desk.accept(desk.duty("cloud"), at=noon("2022-10-11"), value="4540")

    for change in (file.delete, lambda: Evidence.objects.filter(pk=file.pk).update(sha256="0" * 64)):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
