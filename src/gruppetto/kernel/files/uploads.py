"""Uploads kept short while they arrive: nothing in clear on disk, never more than the limit in memory."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.errors import Refused
from gruppetto.kernel.files.kinds import MAX_BYTES


def too_large() -> Refused:
    """The refusal of a file over the limit."""
    return Refused(
        _("Ce fichier dépasse 20 Mo. Envoyez-le en plusieurs parties, ou une photo plus légère."),
        code="file-too-large",
        field="file",
    )


class TooLarge(InMemoryUploadedFile):
    """What is left of an upload over the limit: its name, and a refusal for whoever reads it."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Raise the refusal."""
        raise too_large()

    def read(self, *args: Any) -> bytes:
        """Raise the refusal."""
        raise too_large()


class Bounded(FileUploadHandler):
    """Holds an upload in memory up to the limit, all files of a request together; lets the rest pass unheld."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.held = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.content = io.BytesIO()
        self.over = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Hold one more chunk, or give up what was held of a file that passes the limit."""
        if self.over:
            return
        self.held += len(raw_data)
        if self.held > MAX_BYTES:
            self.over = True
            self.held -= self.content.tell() + len(raw_data)
            self.content = io.BytesIO()
            return
        self.content.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file, or what stands for one that was too large."""
        self.content.seek(0)
        return (TooLarge if self.over else InMemoryUploadedFile)(
            self.content,
            self.field_name,
            self.file_name or "",
            self.content_type or "",
            file_size,
            self.charset,
            self.content_type_extra,
        )
