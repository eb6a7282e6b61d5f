"""One-page PDFs made on the spot: text, lines and barcodes."""

# Code 128: the widths of bars and gaps, value by value; 105 starts with digit pairs, 106 ends.
_BARS = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232
122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122
321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311
211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113
213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422
121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111
241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121
412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412
211214 211232 2331112
"""
_PATTERNS = tuple(_BARS.split())
_START_TEXT, _START_DIGITS, _STOP = 104, 105, 106


class Sheet:
    """A page of A4, measured in points from its upper left corner."""

    def __init__(self) -> None:
        self._drawn: list[str] = []

    def text(self, x: float, y: float, said: str, size: float = 11, *, bold: bool = False) -> None:
        font = "F2" if bold else "F1"
        self._drawn.append(f"BT /{font} {size} Tf {x} {842 - y} Td ({_escaped(said)}) Tj ET")

    def line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        self._drawn.append(f"0.7 w {x1} {842 - y1} m {x2} {842 - y2} l S")

    def box(self, x: float, y: float, wide: float, high: float) -> None:
        self._drawn.append(f"0.7 w {x} {842 - y - high} {wide} {high} re S")

    def barcode(self, x: float, y: float, wide: float, high: float, said: str) -> None:
        """A Code 128 of this text, `wide` points from its first bar to its last."""
        widths = code_128(said)
        unit = wide / sum(widths)
        for nth, width in enumerate(widths):
            if nth % 2 == 0:
                bar = f"{x:.2f} {842 - y - high} {width * unit:.2f} {high} re"
                self._drawn.append(f"{bar} f")
            x += width * unit

    def pdf(self) -> bytes:
        """The page as a file."""
        stream = "\n".join(self._drawn).encode("cp1252", "replace")
        font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
        return _file(
            [
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                (
                    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
                    b"/Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>"
                ),
                b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
                font % b"Helvetica",
                font % b"Helvetica-Bold",
            ]
        )


def code_128(said: str) -> list[int]:
    """The widths of bars and gaps in turn; digits in pairs where the text is nothing else."""
    if said.isdecimal() and len(said) % 2 == 0:
        values = [_START_DIGITS, *(int(said[n : n + 2]) for n in range(0, len(said), 2))]
    else:
        values = [_START_TEXT, *(ord(letter) - 32 for letter in said)]
    check = sum(value * max(place, 1) for place, value in enumerate(values)) % 103
    pattern = "".join(_PATTERNS[value] for value in (*values, check, _STOP))
    return [int(width) for width in pattern]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _file(objects: list[bytes]) -> bytes:
    page = bytearray(b"%PDF-1.4\n")
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(page))
        page += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(page)
    page += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    page += b"".join(b"%010d 00000 n \n" % place for place in places)
    page += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return bytes(page + b"startxref\n%d\n%%%%EOF\n" % start)
