"""A file's content → its lines: the text of txt now and then broken over lines, the paragraphs of docx, the lines of pdf."""

from django.utils.translation import gettext as _


class Unreadable(ValueError):
    """No text can be had of the file; the message says why and what to do."""


def lines_of(name: str, content: bytes) -> list[str]:
    """The lines of a txt in UTF-8, UTF-16 with its mark, or GB18030. Raises: Unreadable."""
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding).splitlines()
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("文字编码认不出来，请另存为 UTF-8 的文本文件。"))
