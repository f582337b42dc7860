"""A closed period as one file to keep: inputs, results, papers, the hashes of all, and the arithmetic as a script that needs nothing but Python.

The same closing makes the same bytes: nothing in it is of today, the zip is not packed and bears no day. docs/archive.md tells what it holds.
"""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q

from plans.arithmetic.cases import LIGHTS
from plans.bundling import bundle
from plans.models import Goal, IssuanceFile, Measure, Plan, Publication, Terms
from plans.standalone import reckon, table
from tracker import archive_files, recomputing
from tracker.archive_files import Names
from tracker.known import Known
from tracker.models import ClosingNote, Evidence, Run
from tracker.recalling import recall
from tracker.recomputing import results_of, stored_at

SCRIPT, RESULTS, SUMS, HASHES = "recompute.py", "results.csv", "sums.csv", "SHA256SUMS"
MARK = "\ufeff"  # so that a spreadsheet reads the text as UTF-8
NO_DAY = (1980, 1, 1, 0, 0, 0)
README = """\
这是一个已截止报告期的存档。inputs：各 csv 为截止时已知的事项约定、目标值、标准带、日历、进展；results.csv 为系统当时存下的亮灯；sums.csv 为每个亮灯的算式。
papers 目录为截止时已发布的文件。SHA256SUMS 为各文件的校验值，evidence.csv 为佐证的校验值。
不用本系统也能重算：把文件夹解开，运行 python3 -I recompute.py，即由各 csv 重新写出 results.csv 和 sums.csv，应与存档逐字节相同。

This is the archive of a closed period. The csv files hold the promises, targets, bands, calendar and reports as known at its closing; results.csv
the lights as the product stored them then; sums.csv the sum behind each light. papers/ holds what had been published by then. SHA256SUMS has
the hash of every file here, evidence.csv those of the evidence.
To judge it again without the product: unpack it and run python3 -I recompute.py. It writes results.csv and sums.csv anew from the other csv
files; they come out the same, byte for byte.
"""


def archive(run: Run) -> bytes:
    """The zip of a closing. As many statements as recomputing it and 9 more."""
    recalled = recall(run)
    known = recalled.known
    terms = {t.id for t in known.terms()}
    files = {name: MARK + text for name, text in _texts(run, known, terms).items()}
    encoded = {name: text.encode() for name, text in files.items()}
    encoded |= {SCRIPT: bundle().encode(), "README.txt": README.encode()}
    encoded |= dict(_papers(run, known))
    encoded[HASHES] = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(encoded.items())).encode()
    return _zip(encoded)


def fingerprint(run: Run, known: Known) -> str:
    """The SHA-256 of what was stored of a closing: it goes into the audit trail. 1 statement."""
    return recomputing.fingerprint(run, known, stored_at(run))


def _texts(run: Run, known: Known, terms: set[int]) -> dict[str, str]:
    texts = {
        "closing.csv": _closing(run, known),
        **archive_files.inputs(known, _names(run, terms)),
        RESULTS: results_of(run, known, stored_at(run)),
        "evidence.csv": _evidence(known),
    }
    return texts | {SUMS: reckon(texts)[SUMS]}


def _closing(run: Run, known: Known) -> str:
    period = run.closes
    assert period is not None  # noqa: S101  only closings are archived
    note = ClosingNote.objects.of(run.government_id).filter(run=run).values_list("sha256", flat=True).first()
    told = {
        "government": run.government.code, "period": period.occasion, "cycle": period.cycle.name, "start": period.start, "end": period.end, "run": run.number,
        "as_of": run.as_of, "at": archive_files.instant(run.at), "zone": known.rows.zone, "lights": " ".join(LIGHTS), "note_sha256": note,
    }  # fmt: skip
    return table(("name", "value"), list(told.items()))


def _names(run: Run, terms: set[int]) -> Names:
    """What items, goals, plans and measures are called; frozen once published."""
    mine: dict[str, Any] = {"government": run.government_id}
    items = Terms.objects.filter(**mine, published_at__isnull=False).values_list("pk", "item", "name")
    return {
        "item": {item: name for key, item, name in items if key in terms},
        "goal": dict(Goal.objects.filter(**mine).values_list("pk", "title")),
        "plan": dict(Plan.objects.filter(**mine).values_list("pk", "title")),
        "measure": dict(Measure.objects.filter(**mine).values_list("pk", "name")),
    }


def _evidence(known: Known) -> str:
    """The hashes of the evidence of every report that was accepted by the closing."""
    reports = {r.id for group in known.rows.reports for r in known.accepted(group)}
    found = (
        Evidence.objects.of(known.rows.government).filter(report__state="accepted").order_by("report", "sha256").values_list("report", "sha256", "size", "kind")
    )
    return table(("report", "sha256", "size", "kind"), [row for row in found if row[0] in reports])


def _papers(run: Run, known: Known) -> Iterator[tuple[str, bytes]]:
    """What had been published by the closing: plans and amendments as the public reads them, and the tables as they were issued."""
    plans = {t.plan_id for t in known.terms()}
    by_then = Q(amendment__published_at__lte=run.at) | Q(amendment__published_at__isnull=True, amendment__number=0)
    published = Publication.objects.of(run.government_id).filter(by_then, plan__in=plans).order_by("plan__code", "amendment__number")
    for code, number, body in published.values_list("plan__code", "amendment__number", "body"):
        yield f"papers/{code}-{number}.json", body.encode()
    issued = (
        IssuanceFile.objects.of(run.government_id).filter(issuance__published_at__lte=run.at, issuance__plan__in=plans).order_by("issuance__plan__code", "kind")
    )
    for code, kind, content in issued.values_list("issuance__plan__code", "kind", "content"):
        yield f"papers/{code}.{kind}", bytes(content)


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for name in _in_order(files):
            entry = zipfile.ZipInfo(name, NO_DAY)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            packed.writestr(entry, files[name])
    return out.getvalue()


def _in_order(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (name != "README.txt", "/" in name, name))
