"""The zipped XML of xlsx and docx: opened within limits, its parts read without entities."""

import io
import re
import zipfile
from collections.abc import Iterator
from posixpath import dirname, join, normpath
from typing import IO, Any
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from plans.sheets import limits
from plans.sheets.papers import Problem, Refused

Element = ET.Element
CHUNK = 65_536


def damaged() -> Refused:
    """What is said of a file that breaks off or contradicts itself."""
    return Refused([Problem("", _("文件已损坏，打不开。请在原来的软件里打开后另存一份，再上传。"))])


def too_big() -> Refused:
    """What is said of a file that unpacks to more than is read."""
    return Refused([Problem("", _("文件解压后超过 %(n)s MB，不予读取。") % {"n": limits.UNPACKED // 2**20})])


class Package:
    """A zip of XML parts. Raises: Refused where it is damaged or unpacks to too much."""

    def __init__(self, content: bytes) -> None:
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(content))
            entries = self.zip.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as problem:
            raise damaged() from problem
        if any(entry.flag_bits & 1 for entry in entries):
            raise Refused([Problem("", _("文件有密码保护。请先取消密码，再上传。"))])
        self.left = limits.UNPACKED
        self.names = {entry.filename for entry in entries}

    def stream(self, name: str) -> "_Counted":
        """A part as bytes, counted against what may be unpacked: the sizes that a zip states of itself may lie."""
        try:
            return _Counted(self, self.zip.open(name))
        except (KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as problem:
            raise damaged() from problem

    def parse(self, name: str) -> Element:
        """A whole part as a tree."""
        root = None
        for _event, element in self.walk(name, events=("start", "end")):
            root = element if root is None else root
        if root is None:
            raise damaged()
        return root

    def walk(self, name: str, events: tuple[str, ...] = ("end",)) -> Iterator[tuple[str, Element]]:
        """The elements of a part, as they close. A document type is refused, so that no entity is ever unfolded."""
        with self.stream(name) as stream:
            parser: Any = ET.XMLPullParser(events)  # type: ignore[arg-type]
            start = b""
            try:
                while chunk := stream.read(CHUNK):
                    start = (start + chunk)[: 2 * CHUNK] if len(start) < CHUNK else start
                    _refuse_types(start)
                    parser.feed(chunk)
                    yield from parser.read_events()
                parser.close()
                yield from parser.read_events()
            except (ET.ParseError, zipfile.BadZipFile, EOFError, OSError, ValueError, LookupError) as problem:
                raise damaged() from problem
            except Exception as problem:  # zlib.error has no name of its own to catch by
                if type(problem).__name__ == "error":
                    raise damaged() from problem
                raise

    def targets(self, part: str) -> dict[str, str]:
        """What the relations of a part point at inside the package: id → name."""
        rels = join(dirname(part), "_rels", part.rsplit("/", 1)[-1] + ".rels")
        if rels not in self.names:
            return {}
        found = {}
        for relation in self.parse(rels):
            target = relation.get("Target", "")
            if relation.get("TargetMode") != "External":
                found[relation.get("Id", "")] = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(part), target))
        return found


def _refuse_types(start: bytes) -> None:
    """A part of a paper declares no types and no entities."""
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", start.replace(b"\0", b""), re.IGNORECASE):
        raise damaged()


class _Counted(io.RawIOBase):
    """A stream that takes what it reads from the package's allowance."""

    def __init__(self, package: Package, stream: IO[bytes]) -> None:
        self.package, self.stream = package, stream

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        chunk = self.stream.read(CHUNK if size < 0 else size)
        self.package.left -= len(chunk)
        if self.package.left < 0:
            raise too_big()
        return chunk


def local(element: Element) -> str:
    """The name of an element without its namespace: the strict form of the standard has others."""
    return element.tag.rpartition("}")[2]


def attribute(element: Element, name: str) -> str | None:
    """An attribute by its name without namespace."""
    direct = element.get(name)
    if direct is not None:
        return direct
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def children(element: Element | None, *names: str) -> Iterator[Element]:
    """The children with these names; none of an element that is not there."""
    return (child for child in (() if element is None else element) if local(child) in names)


def child(element: Element | None, *path: str) -> Element | None:
    """The first descendant along a path of names."""
    for name in path:
        element = None if element is None else next(children(element, name), None)
    return element
