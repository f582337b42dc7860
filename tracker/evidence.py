"""佐证: files that support a report, stored under their own hash.

A file is hashed while it streams to disk, then named by its content; the type is found from the content against an
allowlist, never from what the browser says. Rows point at the content; two reports with the same file share it.
"""

import datetime as dt
import hashlib
import os
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from tracker.models import Evidence
from tracker.turns import Problem, Refused

OOXML = "application/vnd.openxmlformats-officedocument."
KINDS = {  # media type → the endings of such files, the usual one first
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    f"{OOXML}spreadsheetml.sheet": (".xlsx",),
    f"{OOXML}wordprocessingml.document": (".docx",),
    f"{OOXML}presentationml.presentation": (".pptx",),
    "application/vnd.ms-excel": (".xls", ".et"),
    "application/msword": (".doc", ".wps"),
    "text/plain": (".txt",),
    "text/csv": (".csv",),
}
STARTS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
CONTAINERS = {"xl/workbook.xml": "spreadsheetml.sheet", "word/document.xml": "wordprocessingml.document", "ppt/presentation.xml": "presentationml.presentation"}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_STREAMS = {"WordDocument": "application/msword", "Workbook": "application/vnd.ms-excel", "Book": "application/vnd.ms-excel"}
NAME_LENGTH = 190  # an ending may still be added; the column takes 200


@dataclass(frozen=True)
class Stored:
    """A file that is on disk under its hash."""

    sha256: str
    size: int
    kind: str
    name: str


def store(name: str, chunks: Iterable[bytes]) -> Stored:
    """Takes a file in, outside any transaction. The same content a second time changes nothing.

    Raises: Refused where the name or the content is not acceptable, or the file is empty or too large.
    """
    cleaned = clean_name(name)
    root = Path(settings.EVIDENCE_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    handle, incoming = tempfile.mkstemp(prefix="incoming-", dir=root)
    try:
        with os.fdopen(handle, "wb") as file:
            sha256, size = _stream(chunks, file)
            file.flush()
            os.fsync(file.fileno())
        kind = kind_of(Path(incoming), cleaned)
        target = path_of(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        Path(incoming).replace(target)
    finally:
        Path(incoming).unlink(missing_ok=True)
    return Stored(sha256, size, kind, _with_ending(cleaned, kind))


def path_of(sha256: str) -> Path:
    """Where a content lies."""
    return Path(settings.EVIDENCE_ROOT) / sha256[:2] / sha256


def clean_name(name: str) -> str:
    """The file's own name, without folders or invisible characters. Raises: Refused for line breaks, or where nothing remains."""
    if re.search(r"[\r\n\x00]", name):
        raise _refused("name", _("文件名里有换行，请改名后再传。"))
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(c for c in base if unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")).strip(" .")
    if not visible:
        raise _refused("name", _("文件没有名字，请改名后再传。"))
    stem, dot, ending = visible.rpartition(".")
    return visible if len(visible) <= NAME_LENGTH else f"{stem[: NAME_LENGTH - 10]}{dot}{ending[:9]}"


def kind_of(path: Path, name: str) -> str:
    """The media type of a file by its content. Raises: Refused where it is none that is taken."""
    with path.open("rb") as file:
        head = file.read(8)
    for start, kind in STARTS.items():
        if head.startswith(start):
            return kind
    if head.startswith(b"PK\x03\x04"):
        kind = _container(path)
    elif head.startswith(OLE):
        kind = _ole(path)
    else:
        kind = _text(path, name)
    if not kind:
        raise _refused("kind", _("这种文件不收。可以传 PDF、图片、Word、Excel、PPT、TXT、CSV；压缩包请解开，带宏的请另存。"))
    return kind


def row(stored: Stored, report_id: int, government_id: int, by_id: int, at: dt.datetime) -> Evidence:
    """The row, not yet saved, of a stored file."""
    return Evidence(
        government_id=government_id,
        report_id=report_id,
        sha256=stored.sha256,
        name=stored.name,
        size=stored.size,
        kind=stored.kind,
        added_by_id=by_id,
        added_at=at,
    )


def _stream(chunks: Iterable[bytes], file: BinaryIO) -> tuple[str, int]:
    hashed, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > settings.EVIDENCE_MAX_BYTES:
            raise _refused("size", _("文件超过%(n)sMB，请压缩或拆分后再传。") % {"n": settings.EVIDENCE_MAX_BYTES // 1024**2})
        hashed.update(chunk)
        file.write(chunk)
    if not size:
        raise _refused("empty", _("文件是空的。"))
    return hashed.hexdigest(), size


def _container(path: Path) -> str:
    """A document of Office Open XML, without macros; any other archive is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return ""
    if "[Content_Types].xml" not in names or any(n.lower().endswith("vbaproject.bin") for n in names):
        return ""
    return next((OOXML + kind for part, kind in CONTAINERS.items() if part in names), "")


def _ole(path: Path) -> str:
    """A document of the older Office, by the names of its streams; one with macros is none."""
    content = path.read_bytes()
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        return ""
    return next((kind for stream, kind in OLE_STREAMS.items() if stream.encode("utf-16-le") + b"\x00\x00" in content), "")


def _text(path: Path, name: str) -> str:
    """Plain text in UTF-8 or GB18030 that also calls itself so."""
    kind = {".txt": "text/plain", ".csv": "text/csv"}.get(Path(name).suffix.lower())
    content = path.read_bytes() if kind else b""
    if kind is None or re.search(rb"[\x00-\x08\x0e-\x1f]", content):
        return ""
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return kind
    return ""


def _with_ending(name: str, kind: str) -> str:
    """The name with an ending of its kind, so that it opens where it is downloaded."""
    return name if Path(name).suffix.lower() in KINDS[kind] else name + KINDS[kind][0]


def _refused(code: str, message: str) -> Refused:
    return Refused([Problem("evidence", message, f"file_{code}")])
