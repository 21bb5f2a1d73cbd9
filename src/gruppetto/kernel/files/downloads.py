"""How a file leaves: always saved, never shown by the browser as a page of ours."""

from __future__ import annotations

from django.utils.http import content_disposition_header

from gruppetto.kernel.files.models import File


def download_headers(file: File) -> dict[str, str]:
    """The HTTP headers of a download of ``file``."""
    return {
        "Content-Type": file.media_type,
        "Content-Length": str(file.size),
        "Content-Disposition": content_disposition_header(True, file.name) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }
