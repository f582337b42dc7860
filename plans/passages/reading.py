"""A file's content → its lines: txt in the encodings that offices use, the paragraphs and table rows of docx, the lines of pdf."""

import io
import re

from django.utils.translation import gettext as _
from pypdf import PasswordType, PdfReader
from pypdf.errors import PdfReadError

from plans.sheets import Grid, Problem, Refused, limits, open_paper
from plans.sheets.confined import confined
from plans.sheets.plain import decoded

ACCEPTED = ".txt,.docx,.pdf"
PAGES = 500


class Unreadable(ValueError):
    """No text can be had of the file; the message says why and what to do."""


def lines_of(name: str, content: bytes) -> list[str]:
    """The lines of a text, blank ones kept where they are. A pdf or docx is read in a child process within limits. Raises: Unreadable."""
    kind = name.rpartition(".")[2].lower()
    try:
        if len(content) > limits.BYTES:
            raise Unreadable(_("文件超过%(n)sMB，请压缩或拆分后再传。") % {"n": limits.BYTES // 2**20})
        if content.startswith(b"%PDF"):
            return confined(lambda: _pdf(content))
        if kind == "docx":
            return [
                line for block in open_paper(content, name).blocks for line in (_rows(block) if isinstance(block, Grid) else [block.numbering + block.text])
            ]
        if kind == "txt":
            return decoded(content).splitlines()
    except Refused as refused:
        raise Unreadable("；".join(problem.why for problem in refused.problems)) from refused
    raise Unreadable(_("只能挂接 txt、docx、pdf。旧版 doc、wps 请另存为 docx。"))


def _rows(grid: Grid) -> list[str]:
    """A table's rows as a reader says them, a merged cell once."""
    return [" ".join(cell.text for n, cell in enumerate(row) if cell.text and not (cell.merged and n and row[n - 1].text == cell.text)) for row in grid.rows]


def _pdf(content: bytes) -> list[str]:
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            raise Refused([Problem("", _("文件有密码保护。请先取消密码，再上传。"))])
        if len(reader.pages) > PAGES:
            raise Refused([Problem("", _("文件超过 %(n)s 页。") % {"n": PAGES})])
        return [line for page in reader.pages for line in page.extract_text().splitlines() if not re.fullmatch(r"[-—– ]*\d{1,4}[-—– ]*", line.strip())]
    except (PdfReadError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused([Problem("", _("文件已损坏，打不开。请在原来的软件里打开后另存一份，再上传。"))]) from error
