"""A file that somebody sent → a Paper: its kind by its content, which must be the kind that its name promises."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from plans.sheets import documents, limits, old_workbooks, plain, workbooks
from plans.sheets.confined import confined
from plans.sheets.packages import Package, damaged
from plans.sheets.papers import Grid, Paper, Problem, Refused, Text

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PROMISED = {"xlsx": "xlsx", "xls": "xls", "et": "", "docx": "docx", "csv": "text", "txt": "text"}  # et: either workbook
ACCEPTED = ".xlsx,.xls,.et,.docx,.csv,.txt"  # for the accept attribute of a file field
SIGNATURES = ((b"%PDF", "PDF"), (b"{\\rtf", "RTF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7z"))


class _Sniffed(NamedTuple):
    kind: str  # xlsx, xls, docx, text
    read: Callable[[], Paper]


def open_paper(content: bytes | Path | str, name: str) -> Paper:
    """Opens what was sent under a name. Reads in a child process with limits on memory, time and size.

    Raises: Refused with what is wrong: too big, locked by a password, with macros, damaged, of a kind that is not read or of another
    than its name says, in no known encoding, or with a cell too far out or too long.
    """
    if isinstance(content, Path | str):
        with Path(content).open("rb") as file:
            content = file.read(limits.BYTES + 1)
    if len(content) > limits.BYTES:
        raise Refused([Problem("", _("文件超过 %(n)s MB，不予读取。") % {"n": limits.BYTES // 2**20})])
    if not content.strip(b"\0 \r\n\t"):
        raise Refused([Problem("", _("文件是空的。"))])
    extension = extension_of(name)
    if extension not in PROMISED:
        raise Refused([Problem("", not_read(extension))])
    return confined(lambda: _read(content, name, extension))


def extension_of(name: str) -> str:
    """What a file's name promises, in small letters without the dot."""
    return name.rpartition(".")[2].lower().strip() if "." in name else ""


def not_read(extension: str) -> str:
    """Why a file of this extension is not read."""
    if extension in ("xlsm", "xltm", "docm", "dotm", "xlam"):
        return with_macros()
    if extension in ("doc", "wps", "dot"):
        return _("不读取旧版文字文档（%(kind)s）。请另存为 docx，再上传。") % {"kind": extension}
    if extension in ("xlsb", "ods", "xlt"):
        return _("不读取 %(kind)s 表格。请另存为 xlsx，再上传。") % {"kind": extension}
    return _("不读取这种文件。可以上传 xlsx、xls、et、docx、csv 或 txt。")


def with_macros() -> str:
    """Why a file with macros is not read."""
    return _("文件带有宏，不予读取。请另存为不带宏的 xlsx 或 docx，再上传。")


def _read(content: bytes, name: str, extension: str) -> Paper:
    kind, read = _sniff(content, name, extension)
    promised = PROMISED[extension]
    if kind != promised and not (extension == "et" and kind in ("xls", "xlsx")):
        shown = _("文本") if kind == "text" else kind
        raise Refused([Problem("", _("文件名是 %(name)s，内容却是 %(kind)s。请在原来的软件里打开后另存，再上传。") % {"name": extension, "kind": shown})])
    paper = read()
    if not paper.blocks:
        raise Refused([Problem("", _("文件里没有内容。"))])
    return paper


def _sniff(content: bytes, name: str, extension: str) -> _Sniffed:
    """The kind by what stands in the file, and how to read it."""
    if content.startswith(ZIP):
        return _package(content, name)
    if content.startswith(OLE):
        return _container(content, name)
    for signature, kind in SIGNATURES:
        if content.startswith(signature):
            raise _other(extension, kind)
    start = content[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if re.match(rb"<(!doctype html|html|table|meta|\?xml|body)", start):
        raise _other(extension, _("网页或 XML"))
    if extension not in ("csv", "txt") and (b"\0" in content[:2048] or not _readable(content)):
        raise damaged()
    text = plain.decoded(content)
    return _Sniffed("text", lambda: _plain(text, name, extension))


def _readable(content: bytes) -> bool:
    try:
        plain.decoded(content)
    except Refused:
        return False
    return True


def _other(extension: str, kind: str) -> Refused:
    words = _("文件名是 %(name)s，内容却是 %(kind)s。请在原来的软件里打开后另存，再上传。")
    return Refused([Problem("", words % {"name": extension, "kind": kind})])


def _package(content: bytes, name: str) -> _Sniffed:
    package = Package(content)
    names = package.names
    if any(part.rsplit("/", 1)[-1].lower() == "vbaproject.bin" for part in names):
        raise Refused([Problem("", with_macros())])
    if "mimetype" in names or "xl/workbook.bin" in names:
        raise Refused([Problem("", not_read("ods" if "mimetype" in names else "xlsb"))])
    if "[Content_Types].xml" not in names:
        raise _other(extension_of(name), "ZIP")
    main = [part for part in package.targets("").values() if part.rsplit("/", 1)[-1] in ("workbook.xml", "document.xml")]
    if not main or main[0] not in names:
        raise damaged()
    if main[0].endswith("workbook.xml"):
        return _Sniffed("xlsx", lambda: _tables(name, "xlsx", *workbooks.read(package, main[0])))
    return _Sniffed("docx", lambda: Paper(name, "docx", documents.read(package, main[0])))


def _tables(name: str, kind: str, grids: list[Grid], refused: list[Problem]) -> Paper:
    return Paper(name, kind, list(grids), refused)


def _container(content: bytes, name: str) -> _Sniffed:
    names = old_workbooks.entries(content)
    if "EncryptedPackage" in names:
        raise old_workbooks.locked()
    if names & {"_VBA_PROJECT_CUR", "_VBA_PROJECT", "Macros"}:
        raise Refused([Problem("", with_macros())])
    if "WordDocument" in names:
        raise Refused([Problem("", not_read("doc"))])
    if not names & {"Workbook", "Book"}:
        raise damaged()
    return _Sniffed("xls", lambda: _tables(name, "xls", *old_workbooks.read(content)))


def _plain(text: str, name: str, extension: str) -> Paper:
    if extension == "csv":
        return _tables(name, "csv", *plain.read_table(text, name.rpartition(".")[0]))
    blocks: list[Grid | Text] = list(plain.read_lines(text))
    return Paper(name, "txt", blocks)
