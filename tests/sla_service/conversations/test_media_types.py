"""What a file is, whatever it says of itself."""

import pytest

from sla_service.conversations import media_types
from sla_service.whatsapp.values import MessageKind

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40)
PDF = b"%PDF-1.7\n%%EOF"
OGG = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42" + bytes(40)
AMR = b"#!AMR\n" + bytes(40)
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
PROGRAM = b"MZ" + bytes(80)


@pytest.mark.parametrize(
    ("declared", "content", "shown"),
    [
        ("image/png", PNG, "image/png"),
        ("image/jpeg", JPEG, "image/jpeg"),
        ("image/jpg", JPEG, "image/jpeg"),
        ("application/pdf", PDF, "application/pdf"),
        ("audio/ogg; codecs=opus", OGG, "audio/ogg"),
        ("audio/amr", AMR, "audio/amr"),
        ("video/mp4", MP4, "video/mp4"),
        ("audio/mp4", MP4, "audio/mp4"),
        (None, PNG, "image/png"),
    ],
)
def test_a_file_that_is_what_it_says_is_shown(
    declared: str | None, content: bytes, shown: str
) -> None:
    served = media_types.served(declared, media_types.sniff(content))
    assert (served.mime, served.is_shown) == (shown, True)


@pytest.mark.parametrize(
    ("declared", "content"),
    [
        ("image/png", HTML),
        ("image/png", JPEG),
        ("image/png", SVG),
        ("image/svg+xml", SVG),
        ("text/html", HTML),
        ("application/pdf", HTML),
        ("application/pdf", PROGRAM),
        ("audio/ogg", PDF),
        ("application/octet-stream", PROGRAM),
        (None, HTML),
        ("image/png", b""),
    ],
)
def test_a_file_that_lies_or_might_run_something_is_saved_without_a_type(
    declared: str | None, content: bytes
) -> None:
    served = media_types.served(declared, media_types.sniff(content))
    assert (served.mime, served.is_shown) == ("application/octet-stream", False)


def test_plain_text_is_saved_as_what_it_is() -> None:
    served = media_types.served("text/plain; charset=utf-8", media_types.sniff(b"nota"))
    assert (served.mime, served.is_shown) == ("text/plain", False)


@pytest.mark.parametrize(
    ("declared", "content", "kind"),
    [
        ("", PNG, MessageKind.IMAGE),
        ("text/html", JPEG, MessageKind.IMAGE),
        ("audio/ogg", OGG, MessageKind.AUDIO),
        ("audio/mp4", MP4, MessageKind.AUDIO),
        ("", MP4, MessageKind.VIDEO),
        ("", PDF, MessageKind.DOCUMENT),
        ("text/plain", "olá, é só texto".encode(), MessageKind.DOCUMENT),
        ("", b"t" * 8191 + "é".encode()[:1], MessageKind.DOCUMENT),
        ("text/plain", "não é UTF-8".encode("latin-1"), None),
        ("text/html", HTML, None),
        ("application/pdf", PROGRAM, None),
        ("application/zip", b"PK\x03\x04" + bytes(60), None),
    ],
)
def test_a_file_goes_out_as_what_it_is(
    declared: str, content: bytes, kind: MessageKind | None
) -> None:
    taken = media_types.kind_to_send(media_types.type_to_send(declared, content))
    assert (taken and taken[0]) == kind


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("nota fiscal.pdf", "nota fiscal.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\notas\\nota.pdf", "nota.pdf"),
        ("foto\u202egnp.exe", "fotognp.exe"),
        ('a"b<c>.png', "a_b_c_.png"),
        ("quebra\r\nSet-Cookie: x", "quebraSet-Cookie_ x"),
        ("...", "arquivo"),
        ("", "arquivo"),
        (None, "arquivo"),
        ("é" * 300 + ".pdf", "é" * 116 + ".pdf"),
    ],
)
def test_a_name_holds_nothing_that_deceives(name: str | None, clean: str) -> None:
    assert media_types.clean_name(name, "arquivo") == clean
