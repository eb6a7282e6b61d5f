"""A picture to send around, made on the spot."""

import struct
import zlib
from functools import cache


@cache
def picture(width: int = 132, height: int = 99) -> bytes:
    """A soft picture, so that there is something to look at."""
    rows = b"".join(
        b"\0" + b"".join(
            bytes((190 + x // 4 - y // 4, 150 + y // 3, 120 + (x + y) // 6)) for x in range(width)
        )
        for y in range(height)
    )  # fmt: skip

    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body
