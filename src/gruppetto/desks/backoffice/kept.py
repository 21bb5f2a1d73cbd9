"""What must be shown or sent again once, kept sealed in the page's session: nobody reads it there."""

from __future__ import annotations

import base64

from django.http import HttpRequest

from gruppetto.kernel.secrets import Sealed, open_, seal

PASSWORD, LIST = "session.temporary_password", "session.starting_list"
# A list of a town is a few hundred kilobytes; beyond this it is chosen again.
LARGEST = 2_000_000


def keep_password(request: HttpRequest, account_id: object, password: str) -> None:
    """Keep a temporary password until it is shown, once."""
    request.session[PASSWORD] = _seal(f"{account_id} {password}".encode(), PASSWORD)


def take_password(request: HttpRequest, account_id: object) -> str:
    """The password of this account, for this once; empty when it was shown already."""
    sealed = request.session.pop(PASSWORD, "")
    whose, _space, password = (_open(sealed, PASSWORD).decode() if sealed else "").partition(" ")
    return password if whose == str(account_id) else ""


def keep_list(request: HttpRequest, name: str, content: bytes) -> None:
    """Keep a file whose form must be corrected, so that it is not chosen again; one too large is not."""
    if len(content) <= LARGEST:
        request.session[LIST] = {"name": name, "content": _seal(content, LIST)}


def kept_name(request: HttpRequest) -> str:
    """The name of the file that waits, if one does."""
    kept = request.session.get(LIST)
    return kept["name"] if kept else ""


def kept_list(request: HttpRequest) -> tuple[str, bytes] | None:
    """(name, content) of the file that waits, if one does."""
    kept = request.session.get(LIST)
    return (kept["name"], _open(kept["content"], LIST)) if kept else None


def forget_list(request: HttpRequest) -> None:
    """The file went through, or another was chosen."""
    request.session.pop(LIST, None)


def _seal(content: bytes, purpose: str) -> str:
    return base64.b64encode(seal(content, purpose).to_bytes()).decode()


def _open(sealed: str, purpose: str) -> bytes:
    return open_(Sealed.from_bytes(base64.b64decode(sealed)), purpose)
