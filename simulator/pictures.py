"""Files that shoppers send in try-outs, made on the spot: photos, and a receipt as PDF."""

import struct
import zlib
from functools import cache
from typing import Literal

from simulator.paper import Sheet

Subject = Literal["shoe", "dress", "parcel", "label"]
Colour = tuple[int, int, int]

_WIDTH, _HEIGHT = 360, 270
_WALL: dict[Subject, tuple[Colour, Colour]] = {
    "shoe": ((226, 214, 200), (178, 150, 122)),
    "dress": ((214, 222, 226), (120, 128, 140)),
    "parcel": ((222, 220, 212), (140, 146, 138)),
    "label": ((205, 210, 216), (160, 132, 104)),
}


@cache
def photo(subject: Subject) -> bytes:
    """A picture as PNG, as if taken at home."""
    wall, floor = _WALL[subject]
    canvas = _Canvas(wall, floor)
    _DRAW[subject](canvas)
    return canvas.png()


@cache
def receipt(title: str, lines: tuple[str, ...] = ()) -> bytes:
    """A page as PDF with a title and some lines."""
    sheet = Sheet()
    sheet.text(60, 82, title, 20)
    for nth, line in enumerate(lines):
        sheet.text(60, 122 + 22 * nth, line, 12)
    return sheet.pdf()


class _Canvas:
    """Rows of pixels over a wall and a floor, on which shapes are laid."""

    def __init__(self, wall: Colour, floor: Colour) -> None:
        self._rows = [
            bytearray(bytes(_shade(wall if y < _HEIGHT * 0.62 else floor, y // 9 - 14)) * _WIDTH)
            for y in range(_HEIGHT)
        ]

    def box(self, left: int, top: int, right: int, bottom: int, colour: Colour) -> None:
        for y in range(top, bottom):
            self._span(y, left, right, _shade(colour, (top - y) // 6))

    def oval(self, x: int, y: int, wide: int, high: int, colour: Colour) -> None:
        for down in range(-high, high + 1):
            half = round(wide * (1 - (down / high) ** 2) ** 0.5)
            self._span(y + down, x - half, x + half, _shade(colour, -down // 4))

    def png(self) -> bytes:
        data = zlib.compress(b"".join(b"\0" + bytes(row) for row in self._rows))
        head = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
        parts = _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")
        return b"\x89PNG\r\n\x1a\n" + parts

    def _span(self, y: int, left: int, right: int, colour: Colour) -> None:
        left, right = max(left, 0), min(right, _WIDTH)
        if 0 <= y < _HEIGHT and left < right:
            self._rows[y][3 * left : 3 * right] = bytes(colour) * (right - left)


def _shoe(canvas: _Canvas) -> None:
    leather, sole = (176, 92, 52), (92, 60, 44)
    canvas.oval(182, 232, 150, 14, (120, 98, 80))
    canvas.oval(180, 214, 142, 16, sole)
    canvas.oval(176, 206, 132, 12, (214, 176, 138))
    for x in (96, 150, 262):
        canvas.box(x, 150, x + 22, 206, leather)
    canvas.oval(107, 152, 30, 14, leather)
    canvas.oval(206, 150, 64, 13, leather)
    canvas.box(228, 160, 252, 168, (230, 220, 208))


def _dress(canvas: _Canvas) -> None:
    cloth = (58, 96, 158)
    canvas.box(176, 26, 184, 52, (90, 90, 90))
    canvas.box(136, 50, 224, 110, cloth)
    for step in range(13):
        canvas.box(132 - 5 * step, 110 + 10 * step, 228 + 5 * step, 120 + 10 * step, cloth)
    canvas.oval(180, 50, 24, 12, (214, 222, 226))
    canvas.box(136, 106, 224, 114, (34, 60, 104))


def _parcel(canvas: _Canvas) -> None:
    canvas.oval(180, 232, 140, 14, (112, 116, 110))
    canvas.box(70, 96, 290, 230, (190, 146, 96))
    canvas.box(164, 96, 196, 230, (222, 196, 150))
    canvas.box(92, 150, 152, 196, (244, 242, 236))
    canvas.oval(262, 212, 34, 20, (96, 68, 42))


def _label(canvas: _Canvas) -> None:
    canvas.box(80, 40, 280, 230, (246, 245, 240))
    for nth, wide in enumerate((120, 150, 96, 140)):
        canvas.box(100, 62 + 20 * nth, 100 + wide, 70 + 20 * nth, (70, 74, 80))
    for nth in range(32):
        if nth % 5 != 3:
            canvas.box(100 + 5 * nth, 156, 102 + 5 * nth + nth % 3, 212, (30, 30, 34))


_DRAW = {"shoe": _shoe, "dress": _dress, "parcel": _parcel, "label": _label}


def _shade(colour: Colour, by: int) -> Colour:
    red, green, blue = (min(max(part + by, 0), 255) for part in colour)
    return red, green, blue


def _chunk(kind: bytes, data: bytes) -> bytes:
    whole = kind + data
    return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))
