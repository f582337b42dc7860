"""核查: figures drawn by lot that anybody can repeat, what is shown and found of them, and the share of untrue ones; no figure is edited."""

import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from people.models import AuditEntry
from tests import cast
from tests.tracker.desk import Desk
from tests.tracker.stood import client_of, stage
from tracker import lots, sampling
from tracker.lots import Figure
from tracker.models import Finding, Message, ProgressReport, Sample, Sampled, SampledFile
from tracker.sampling import Asked
from tracker.turns import AlreadyMoved, NotYours, Refused

pytestmark = pytest.mark.django_db
AT = cast.noon("2022-10-17")
DAY = dt.date(2022, 10, 24)


@pytest.fixture
def desk(settings, tmp_path) -> Desk:
    """Three accepted figures of two departments; 老旧小区改造 with 94 lies exactly on its target."""
    settings.EVIDENCE_ROOT = str(tmp_path)
    desk = Desk()
    for code, value in (("cloud", "4540"), ("m-1-01", "1200"), ("m-2-01", "94")):
        desk.accept(desk.duty(code), value=value)
    desk.accept(desk.duty("m-1-01", 2), value="900")  # another period
    stage(settings, "2022-10-17")
    return desk


def drawn(desk: Desk, size: int = 3, seed: str = "7", **given) -> Sample:
    asked = Asked(size, seed, **{"by_department": True, "on_target_first": True, "purpose": "年中核查", "evidence_by": DAY, **given})
    return sampling.draw(desk.duty("cloud").period, asked, desk.city.person("auditor"), AT)


def figure(sample: Sample, code: str) -> Sampled:
    return Sampled.objects.select_related("sample", "report", "department").get(sample=sample, report__measure__code=code)


# the lots ------------------------------------------------------------------------------------------------------------

FRAMES = st.lists(st.builds(Figure, st.integers(1, 10**6), st.integers(1, 9), st.booleans()), unique_by=lambda f: f.key, max_size=80)


@given(FRAMES, st.integers(1, 40), st.text("abc123", min_size=1, max_size=8), st.booleans(), st.booleans())
def test_a_drawing_is_of_its_size_without_doubles_and_depends_on_nothing_but_frame_and_seed(frame, size, seed, by_department, first):
    got = lots.draw(frame, size, seed, by_department=by_department, on_target_first=first)
    assert len({lot.figure.key for lot in got}) == len(got) == min(size, len(frame))
    assert got == lots.draw(reversed(frame), size, seed, by_department=by_department, on_target_first=first)
    on_target = sum(f.on_target for f in frame)
    assert sum(lot.first for lot in got) == (min(size, on_target) if first else 0)


@given(st.dictionaries(st.integers(1, 9), st.integers(1, 50), min_size=1), st.integers(0, 200))
def test_each_department_has_its_share_within_one(counts, size):
    got, total = lots.shares(counts, size), sum(counts.values())
    assert sum(got.values()) == min(size, total)
    for key, n in counts.items():
        assert got[key] <= n
        assert abs(got[key] - Decimal(min(size, total) * n) / total) < 1


def test_the_first_lots_of_a_seed_can_be_found_by_hand():
    frame = [Figure(key, 1) for key in range(1, 6)]
    assert [lot.figure.key for lot in lots.draw(frame, 5, "7", by_department=False, on_target_first=False)] == [4, 3, 2, 1, 5]  # printf 7:4 | sha256sum …


@pytest.mark.parametrize(
    ("untrue", "checked", "whole", "said"),
    [
        (0, 0, 100, None), (2, 10, 10, ("0.2", "0.2")), (0, 20, 10**6, ("0", "0.161123")), (10, 20, 10**9, ("0.299298", "0.700702")),
        (2, 20, 266, ("0.029065", "0.291992")),
    ],
)  # fmt: skip
def test_the_interval_is_wilsons_and_shrinks_with_the_whole(untrue, checked, whole, said):
    got = lots.interval(untrue, checked, whole)
    assert (got and tuple(f"{bound.normalize():f}" for bound in got)) == said


# drawing -------------------------------------------------------------------------------------------------------------


def test_a_sample_is_drawn_told_and_kept(desk: Desk) -> None:
    sample = drawn(desk)
    first = sample.sampled.get(position=1)
    assert (first.report.measure.code, first.first) == ("m-2-01", True)
    assert Counter(m.recipient.login for m in Message.objects.filter(kind="sampled", occasion="sample 1")) == Counter(
        ["reporter", "reporter2", "reviewer", "builder", "builders_head"]
    )
    text = Message.objects.get(recipient__login="builder").text
    assert "94" in text
    assert "4540" not in text  # another department's figure
    assert '"seed":"7"' in AuditEntry.objects.get(verb="sample.drawn").body
    again = drawn(desk)
    page = client_of(desk.city, "supervisor").get(f"/sampling/{again.number}/").context["page"]
    assert (page.nth, page.drawings, page.repeats, page.frame) == (2, 2, True, 3)
    rows = client_of(desk.city, "auditor").get("/sampling/").context["table"].raw_rows()
    assert [row["row"].number for row in rows] == [2, 1]


def test_a_sample_that_was_tampered_with_says_so(desk: Desk) -> None:
    sample = drawn(desk)
    forged = Sample(**{f.attname: getattr(sample, f.attname) for f in Sample._meta.concrete_fields if f.name != "id"})
    forged.number, forged.seed = 9, "8"
    forged.save()
    Sampled.objects.create(government=sample.government, sample=forged, report=figure(sample, "cloud").report, department=desk.duty("cloud").department,
                           position=1, first=False)  # fmt: skip
    assert "按种子重抽，结果不同" in client_of(desk.city, "auditor").get("/sampling/9/").content.decode()


def test_drawing_says_what_is_wrong_at_its_field(desk: Desk) -> None:
    period, by = desk.duty("cloud").period, desk.city.person("auditor")
    wrong = {
        ("size", 0): "size", ("size", 501): "size", ("seed", "种"): "seed", ("evidence_by", dt.date(2022, 10, 16)): "evidence_by", ("purpose", " "): "purpose",
    }  # fmt: skip
    for (name, value), field in wrong.items():
        asked = {"size": 2, "seed": "", "by_department": True, "on_target_first": True, "purpose": "查", "evidence_by": DAY, name: value}
        with pytest.raises(Refused) as refused:
            sampling.draw(period, Asked(**asked), by, AT)
        assert [p.field for p in refused.value.problems] == [field]
    for login in ("reporter", "reviewer", "leader", "administrator"):
        with pytest.raises(NotYours):
            sampling.draw(period, Asked(2, "", True, True, "查", DAY), desk.city.person(login), AT)
    assert 'value="2022-10-24"' in client_of(desk.city, "auditor").get("/sampling/new/").content.decode()  # a week from today
    answer = client_of(desk.city, "auditor").post("/sampling/new/", {"period": period.pk, "size": "很多", "evidence_by": "x", "purpose": "查"})
    assert (answer.status_code, "请填整数。" in answer.content.decode(), Sample.objects.count()) == (422, True, 0)
    given = {"period": period.pk, "size": "2", "evidence_by": "2022-10-24", "purpose": "查", "key": "k1"}
    client = client_of(desk.city, "auditor")
    assert [client.post("/sampling/new/", given).status_code for _ in range(2)] == [302, 302]  # sent twice
    assert Sample.objects.get().period_id == period.pk


# showing and finding -------------------------------------------------------------------------------------------------


def test_the_department_shows_and_the_auditor_finds(desk: Desk) -> None:
    row, city = figure(drawn(desk), "cloud"), desk.city
    page = f"/sampling/1/{row.position}/"
    client = client_of(city, "reporter")
    assert client.post(page, {"do": "show", "files": SimpleUploadedFile("台账.csv", "家数\n960".encode())}).status_code == 302
    assert client.post(page, {"do": "show", "files": SimpleUploadedFile("坏.exe", b"MZ\0\0")}).status_code == 422
    assert SampledFile.objects.get().name == "台账.csv"
    assert client_of(city, "builder").get(f"/sampling/files/{SampledFile.objects.get().pk}/").status_code == 404
    assert client_of(city, "auditor").get(f"/sampling/files/{SampledFile.objects.get().pk}/")["Content-Disposition"].startswith("attachment")
    auditor = client_of(city, "auditor")
    assert auditor.post(page, {"do": "find", "verdict": "unclear", "why": ""}).status_code == 422
    assert auditor.post(page, {"do": "find", "verdict": "unclear", "why": "台账缺 12 家", "key": "a"}).status_code == 302
    sampling.show(row, "补充.txt", [b"12"], city.person("reporter"), AT)
    sampling.find(row, "confirmed", "", city.person("auditor"), AT)
    with pytest.raises(AlreadyMoved):
        sampling.show(row, "再补.txt", [b"13"], city.person("reporter"), AT)
    assert [f.verdict for f in row.findings.order_by("pk")] == ["unclear", "confirmed"]
    with pytest.raises(NotYours):
        sampling.find(row, "untrue", "自查", city.person("supervisor"), AT)  # accepted it himself


def test_an_untrue_figure_stays_until_its_department_corrects_it(desk: Desk) -> None:
    row, city = figure(drawn(desk), "cloud"), desk.city
    page = f"/sampling/1/{row.position}/"
    sampling.find(row, "untrue", "重复计算 40 家", city.person("auditor"), AT)
    assert Message.objects.filter(occasion__startswith="sample 1 finding").count() == 3
    assert str(ProgressReport.objects.get(pk=row.report_id).value) == "4540.0000"
    assert "待更正" in client_of(city, "supervisor").get("/sampling/1/").content.decode()
    assert client_of(city, "builder").post(page, {"do": "correct"}).status_code == 404
    assert client_of(city, "reporter").post(page, {"do": "correct"}).url == f"/reports/{desk.duty('cloud').pk}/"
    made = ProgressReport.objects.get(corrects=row.report)
    assert (made.state, made.reason) == ("draft", "第 1 次核查认定不属实：重复计算 40 家")
    assert "更正单在办" in client_of(city, "supervisor").get("/sampling/1/").content.decode()
    desk.submit(desk.duty("cloud"), value="4500")
    desk.pass_on(ProgressReport.objects.select_related("duty__department").get(pk=made.pk))
    told = client_of(city, "auditor").get("/sampling/1/").context["page"]
    assert "已更正" in client_of(city, "supervisor").get("/sampling/1/").content.decode()
    assert (told.checked, told.untrue, told.whole) == (1, 1, 2)  # the one drawn first for lying on its target is not by chance
    assert told.interval == lots.interval(1, 1, 2)


@pytest.mark.parametrize("kind", [Sample, Sampled, Finding, SampledFile])
@pytest.mark.parametrize("change", ["update", "delete"])
def test_database_keeps_what_was_drawn_shown_and_found(desk: Desk, kind, change: str) -> None:
    row = figure(drawn(desk), "cloud")
    sampling.show(row, "台账.txt", [b"960"], desk.city.person("reporter"), AT)
    sampling.find(row, "unclear", "缺", desk.city.person("auditor"), AT)
    every = kind.objects.all()
    with pytest.raises(IntegrityError), transaction.atomic():
        every.update(government=desk.city.government) if change == "update" else every._raw_delete(every.db)


@pytest.mark.parametrize("n", [1, 3])
def test_pages_take_a_fixed_number_of_statements(desk: Desk, n: int) -> None:
    sample = drawn(desk, size=n)
    found = {}
    for login, address in (("auditor", "/sampling/"), ("builder", "/sampling/"), ("auditor", "/sampling/1/"), ("auditor", "/sampling/1/1/")):
        client = client_of(desk.city, login)
        client.get(address)
        cache.clear()
        with CaptureQueriesContext(connection) as statements:
            assert client.get(address).status_code == 200
        found[login, address] = len(statements)
    assert sample.sampled.count() == n
    assert list(found.values()) == [7, 7, 10, 7]
