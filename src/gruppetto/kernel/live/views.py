"""Server-sent events: identifiers only; the page re-reads through its normal permission (decisions 20, 24).

The one streaming response of the house: it opens its own short act to learn what it may hear, then holds no
transaction.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from gruppetto.kernel import clock
from gruppetto.kernel.access import sessions
from gruppetto.kernel.access.rules import page
from gruppetto.kernel.actors import Actor, acting
from gruppetto.kernel.live.hub import Hearing, hub

KEEP_ALIVE = 15
# The permission to hear is read again this often (seconds): a closed session falls silent, a portfolio lent or taken
# back is heard or no longer.
RENEW = 60
SINCE = "depuis"
MOMENT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?")


@page(signed_in=True, streams=True)
async def events(request: HttpRequest) -> HttpResponseBase:
    """The stream of notices this session may hear: its portfolios', and those of the lines."""
    key = sessions.key_of(request)
    hearing = await sync_to_async(_hearing)(key)
    if hearing is None:
        return HttpResponse(status=204)
    response = StreamingHttpResponse(_stream(key, hearing, _since(request)), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def _hearing(key: str) -> Hearing | None:
    with (
        acting(Actor(name="visitor:live", key=key, reading=True)),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT access.me(), access.scope()")
        account, portfolios = cursor.fetchone()
    return Hearing(account, frozenset(portfolios)) if account else None


def _rest() -> None:
    """Give the connection back: a page stays open for hours, and there are more pages than connections."""
    if not connection.in_atomic_block:
        connection.close()


def _heard_again(key: str) -> Hearing | None:
    found = _hearing(key)
    _rest()
    return found


def _since(request: HttpRequest) -> float:
    """Since when the page has heard nothing, milliseconds since 1970, UTC.

    That is its last notice (a browser that listens again says it), else when it was asked for (``depuis``), else now.
    """
    for said in (request.headers.get("Last-Event-ID", ""), request.GET.get(SINCE, "")):
        if MOMENT.fullmatch(said):
            return float(said)
    return clock.now().timestamp() * 1000


async def _stream(key: str, hearing: Hearing, since: float) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    # Only now: the middleware asks who is signed in once the view has answered.
    await sync_to_async(_rest)()
    with hub().listen(hearing, since) as notices:
        yield "retry: 1000\nevent: ready\ndata: {}\n\n"
        renewed = loop.time()
        while True:
            try:
                async with asyncio.timeout(KEEP_ALIVE):
                    told = (await notices.get()).text
                # What came together is sent together.
                while not notices.empty():
                    told += notices.get_nowait().text
                yield told
            except TimeoutError:
                yield ": still here\n\n"
            if loop.time() - renewed > RENEW:
                renewed = loop.time()
                again = await sync_to_async(_heard_again)(key)
                if again is None:
                    yield "event: over\ndata: {}\n\n"
                    return
                hub().renew(notices, again)
