"""An upload of 200 MB fills neither memory nor disk, and is refused in plain words."""

import io
import tracemalloc
from typing import BinaryIO, cast

import pytest
from django.core.files.uploadhandler import load_handler
from django.test import RequestFactory

from gruppetto.kernel.errors import Refused
from gruppetto.kernel.files.kinds import MAX_BYTES
from gruppetto.kernel.files.uploads import Bounded

BOUNDARY = "limite"


class Upload(io.RawIOBase):
    """A request body that is made as it is read: one file after another, of the sizes given."""

    def __init__(self, *sizes):
        self.parts = []
        for rank, size in enumerate(sizes):
            head = (
                f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f{rank}"; filename="f{rank}.txt"\r\n'
                "Content-Type: text/plain\r\n\r\n"
            )
            self.parts += [head.encode(), size, b"\r\n"]
        self.parts.append(f"--{BOUNDARY}--\r\n".encode())
        self.length = sum(part if isinstance(part, int) else len(part) for part in self.parts)

    def read(self, wanted=-1):
        if not self.parts:
            return b""
        part = self.parts.pop(0)
        if isinstance(part, int):
            taken = min(part, wanted if wanted > 0 else 65536)
            if part > taken:
                self.parts.insert(0, part - taken)
            return b"a" * taken
        if 0 < wanted < len(part):
            self.parts.insert(0, part[wanted:])
            return part[:wanted]
        return part


def sent(*sizes):
    body = Upload(*sizes)
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    request = RequestFactory().post("/", CONTENT_TYPE=kind, CONTENT_LENGTH=str(body.length))
    request._stream = cast(BinaryIO, body)
    return request


def test_the_house_takes_uploads_this_way(settings):
    assert [type(load_handler(path, None)) for path in settings.FILE_UPLOAD_HANDLERS] == [Bounded]


def test_an_ordinary_upload_arrives_whole():
    files = sent(100_000, 3).FILES
    assert [(f.name, f.size, f.content_type) for f in files.values()] == [
        ("f0.txt", 100_000, "text/plain"),
        ("f1.txt", 3, "text/plain"),
    ]
    assert files["f0"].read() == b"a" * 100_000


def test_an_upload_of_200_megabytes_is_refused_without_being_held():
    request = sent(200 * 1024 * 1024)
    tracemalloc.start()
    try:
        upload = request.FILES["f0"]
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3 * MAX_BYTES
    for reading in (upload.read, lambda: list(upload.chunks())):
        with pytest.raises(Refused, match="dépasse 20 Mo") as caught:
            reading()
        assert caught.value.code == "file-too-large"


def test_many_files_together_keep_to_the_same_limit():
    files = sent(MAX_BYTES - 10, 11, 5).FILES
    assert len(files["f0"].read()) == MAX_BYTES - 10
    with pytest.raises(Refused):
        files["f1"].read()
    assert files["f2"].read() == b"aaaaa"
