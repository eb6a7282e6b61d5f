"""A size chart as a picture, drawn so that it can be read on a phone."""

import io
from functools import cache
from importlib.resources import files
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

from order_system.sizes import title
from simulator.shop_sizes import Chart, charts

_WIDTH, _MARGIN, _ROW = 1080, 48, 64
_INK, _DIM, _BRAND, _STRIPE = "#2a241c", "#6b6153", "#a63d2f", "#f7f4ef"
_SIZE_NAME = {"pt": "Tamanho", "en": "Size"}
_IN_CM = {"pt": "em cm", "en": "in cm"}


@cache
def chart_image(ref: str, language: str) -> bytes:
    """The chart with this ref as PNG, in Portuguese or English."""
    chart = charts()[ref]
    spoken: Literal["pt", "en"] = "en" if language == "en" else "pt"
    columns = [*chart.measures, *(name for name in chart.systems if _differs(chart, name))]
    told = _wrapped(chart.how_to_measure[spoken], _font(28), _WIDTH - 2 * _MARGIN)
    top = 190
    height = top + _ROW * (len(chart.rows) + 1) + 40 + 38 * len(told) + _MARGIN
    image = Image.new("RGB", (_WIDTH, height), "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, _WIDTH, 12), fill=_BRAND)
    pen.text((_MARGIN, 40), chart.title[spoken], _INK, _font(56, bold=True))
    pen.text((_MARGIN, 116), f"Passo Firme · {_IN_CM[language]}", _DIM, _font(30))
    ours = " BR" if "br" in chart.systems and "br" not in columns else ""
    heads = [_SIZE_NAME[language] + ours, *(title(name, language).capitalize() for name in columns)]
    heads = [_abroad(head, name) for head, name in zip(heads, ["", *columns], strict=True)]
    rows = [[size, *(chart.cell(size, name) for name in columns)] for size in chart.rows]
    _table(pen, top, heads, rows, language)
    below = top + _ROW * (len(rows) + 1) + 30
    for nth, line in enumerate(told):
        pen.text((_MARGIN, below + 38 * nth), line, _DIM, _font(28))
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def _table(
    pen: ImageDraw.ImageDraw, top: int, heads: list[str], rows: list[list[str]], language: str
) -> None:
    width = (_WIDTH - 2 * _MARGIN) / len(heads)
    pen.rectangle((_MARGIN, top, _WIDTH - _MARGIN, top + _ROW), fill=_BRAND)
    for nth, head in enumerate(heads):
        middle = _MARGIN + width * (nth + 0.5)
        size = 30 if len(heads) < 7 and len(head) < 11 else 25
        pen.text((middle, top + _ROW / 2), head, "white", _font(size, bold=True), anchor="mm")
    for down, row in enumerate(rows, start=1):
        y = top + _ROW * down
        if down % 2 == 0:
            pen.rectangle((_MARGIN, y, _WIDTH - _MARGIN, y + _ROW), fill=_STRIPE)
        for nth, cell in enumerate(row):
            shown = cell.replace("-", "–")
            shown = shown.replace(".", ",") if language == "pt" else shown
            font = _font(34 if nth == 0 else 30, bold=nth == 0)
            middle = _MARGIN + width * (nth + 0.5)
            pen.text((middle, y + _ROW / 2), shown, _INK, font, anchor="mm")


def _differs(chart: Chart, system: str) -> bool:
    """Whether a country's numbers are others than our own labels."""
    return any(chart.cell(size, system) != size for size in chart.rows)


def _abroad(head: str, name: str) -> str:
    return head.upper() if name in {"br", "us", "eu", "uk"} else head


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@cache
def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    name = f"SourceSansPro-{'Bold' if bold else 'Regular'}.ttf"
    file = files("font_source_sans_pro") / "files" / name
    return ImageFont.truetype(io.BytesIO(file.read_bytes()), size)
