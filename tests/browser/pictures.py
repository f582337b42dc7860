"""A picture of a page made small: a PNG of its 256 commonest colours, each other one taken for the nearest of them."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST = 256


def smaller(png: bytes) -> bytes:
    """A PNG as Chromium writes it (eight bits a channel, no alpha, not interlaced) with a palette instead."""
    parts = dict(_parts(png))
    width, height, depth, kind = struct.unpack(">IIBB", parts[b"IHDR"][:10])
    if (depth, kind) != (8, 2):
        raise ValueError(f"a picture of {depth} bits and kind {kind}, not of eight bits and three channels")
    pixels = [bytes_of[at : at + 3] for bytes_of in _lines(zlib.decompress(parts[b"IDAT"]), width * 3, height) for at in range(0, width * 3, 3)]
    counts = Counter(pixels)
    palette = [colour for colour, _n in counts.most_common(MOST)]
    place = {colour: n for n, colour in enumerate(palette)}
    for colour in counts.keys() - place.keys():
        place[colour] = min(range(len(palette)), key=lambda n: sum((a - b) ** 2 for a, b in zip(palette[n], colour, strict=True)))
    rows = (b"\0" + bytes(place[pixel] for pixel in pixels[at : at + width]) for at in range(0, width * height, width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    body = ((b"IHDR", head), (b"PLTE", b"".join(palette)), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return SIGNATURE + b"".join(struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in body)


def _parts(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The parts of a PNG by name; those of its pixels as one."""
    at, pixels = len(SIGNATURE), b""
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        name, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        if name == b"IDAT":
            pixels += data
        else:
            yield name, data
        at += length + 12
    yield b"IDAT", pixels


def _lines(raw: bytes, length: int, height: int) -> Iterator[bytes]:
    """The lines of a picture with the PNG's filters undone."""
    before = bytearray(length)
    for row in range(height):
        start = row * (length + 1)
        kind, line = raw[start], bytearray(raw[start + 1 : start + 1 + length])
        for n in range(length) if kind else ():
            left, above, corner = (line[n - 3], before[n], before[n - 3]) if n >= 3 else (0, before[n], 0)
            line[n] = (line[n] + (0, left, above, (left + above) // 2, _paeth(left, above, corner))[kind]) & 255
        yield bytes(line)
        before = line


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda near: abs(guess - near))
