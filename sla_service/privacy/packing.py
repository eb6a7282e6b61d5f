"""A contact's data as one archive: for people, for programs, and the files themselves."""

import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from sla_service.conversations.media_store import MediaStore
from sla_service.privacy import readable
from sla_service.privacy.exporting import KeptFile
from sla_service.privacy.readable import Document


def pack(
    document: Document, files: Iterable[KeptFile], store: MediaStore, language: str | None
) -> Path:
    """Write the archive to a file of its own, which the caller removes."""
    name, folder = readable.name(language), "files"
    with (
        tempfile.NamedTemporaryFile(prefix="copy-", suffix=".zip", delete=False) as place,
        zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        archive.writestr(f"{name}.html", readable.as_page(document, language))
        archive.writestr(f"{name}.json", readable.as_json(document))
        for file in files:
            if store.has(file.sha256):
                archive.write(store.path(file.sha256), f"{folder}/{file.name}")
    return Path(place.name)
