"""csv and txt: the encoding by its mark, else strict UTF-8, else strict GB18030, else a question."""

import csv
import io
import re

from django.utils.translation import gettext as _

from plans.sheets import limits
from plans.sheets.grids import Sparse, tidy
from plans.sheets.papers import Grid, Problem, Refused, Text
from plans.sheets.writing import is_formula

MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decoded(content: bytes) -> str:
    """The text. Raises: Refused where no encoding fits, or where it is no text at all."""
    marked = [encoding for mark, encoding in MARKS if content.startswith(mark)]
    for encoding in marked or ["utf-8", "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise Refused([Problem("", _("文件内容不是文本。"))])
        return text
    raise Refused([Problem("", _("看不出文件用的是什么编码。请用 UTF-8 或 GB18030 编码另存，再上传。"))])


def read_table(text: str, name: str) -> tuple[list[Grid], list[Problem]]:
    """A csv, its columns parted by comma, semicolon or tab, whichever most of the first lines hold. Cells stay text."""
    sheet = Sparse(name)
    csv.field_size_limit(limits.CHARACTERS * 10)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    row = 0
    try:
        for row, cells in enumerate(rows):
            for column, words in enumerate(cells):
                words = tidy(words)
                if words.startswith("="):
                    sheet.formula(row, column, words)
                else:
                    kept = words[1:] if words.startswith("'") and is_formula(words[1:]) else words
                    sheet.put(row, column, kept, kept)
    except csv.Error as problem:
        raise Refused([Problem(_("第%(n)s行") % {"n": rows.line_num}, _("引号不成对，或这一格太长，读不下去。"))]) from problem
    grid = sheet.grid()
    return [grid] if grid.rows else [], sheet.refused


def delimiter_of(text: str) -> str:
    """The comma, unless more of the first lines, and at least half of them, hold a tab or a semicolon outside quotes."""
    lines = [re.sub(r'"[^"]*"', "", line) for line in text[:8192].splitlines()[:20] if line.strip()]
    held = {mark: sum(mark in line for line in lines) for mark in ",\t;"}
    best = max(held, key=lambda mark: (held[mark], mark == ","))
    return best if held[best] * 2 >= len(lines) else ","


def read_lines(text: str) -> list[Text]:
    """A txt: each line that holds something is a paragraph."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        words, where = tidy(line), _("第%(n)s行") % {"n": number}
        if len(words) > limits.CHARACTERS:
            raise Refused([Problem(where, _("一段超过 %(n)s 个字。") % {"n": limits.CHARACTERS})])
        if words:
            found.append(Text(words, None, "", where))
        if len(found) > limits.PARAGRAPHS:
            raise Refused([Problem(where, _("文件超过 %(n)s 段。") % {"n": limits.PARAGRAPHS})])
    return found
