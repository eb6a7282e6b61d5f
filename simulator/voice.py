"""A voice note to send where there is no microphone: a moment of silence in Ogg Opus."""

import struct

_SERIAL = 0x42414C43
_FRAME_SAMPLES = 960  # 20 ms at the 48 kHz that Opus counts in
_SILENCE = b"\xf8\xff\xfe"


def sample(seconds: float = 2.0) -> bytes:
    """Make a silent recording."""
    head = b"OpusHead" + struct.pack("<BBHIHB", 1, 1, 0, 48000, 0, 0)
    vendor = b"simulator"
    tags = b"OpusTags" + struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", 0)
    frames = max(1, round(seconds * 50))
    pages = [_page([head], 0, 0, flags=2), _page([tags], 0, 1, flags=0)]
    for number, start in enumerate(range(0, frames, 50)):
        count = min(50, frames - start)
        is_last = start + count == frames
        granule = (start + count) * _FRAME_SAMPLES
        pages.append(_page([_SILENCE] * count, granule, number + 2, flags=4 if is_last else 0))
    return b"".join(pages)


def _page(packets: list[bytes], granule: int, sequence: int, *, flags: int) -> bytes:
    sizes = bytes(len(packet) for packet in packets)
    head = struct.pack("<4sBBqIII", b"OggS", 0, flags, granule, _SERIAL, sequence, 0)
    page = bytearray(head + bytes([len(sizes)]) + sizes + b"".join(packets))
    struct.pack_into("<I", page, 22, _checksum(page))
    return bytes(page)


def _checksum(data: bytes | bytearray) -> int:
    """Compute the CRC of an Ogg page: polynomial 04c11db7, not reflected."""
    crc = 0
    for byte in data:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1) ^ 0x04C11DB7 if crc & 0x80000000 else crc << 1
            crc &= 0xFFFFFFFF
    return crc
