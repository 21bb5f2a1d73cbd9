"""The signature of the operator's callbacks (Sinch webhooks). Pure, and without Django: the stand-in signs with it.

``x-sinch-webhook-signature`` is the base64 of HMAC-SHA256(secret, body "." nonce "." timestamp), with ``-nonce``,
``-timestamp`` (seconds) and ``-algorithm`` (HmacSHA256) beside it.
"""

from __future__ import annotations

import base64
import hmac

PREFIX = "x-sinch-webhook-signature"


def sign(secret: str, body: bytes, nonce: str, timestamp: str) -> str:
    """The signature header of a callback."""
    signed = b".".join((body, nonce.encode(), timestamp.encode()))
    return base64.b64encode(hmac.digest(secret.encode(), signed, "sha256")).decode()
