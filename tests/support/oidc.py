"""Identity providers on stage: the real npm ``oidc-provider``, whoever visits it, and one that lies."""

from __future__ import annotations

import json
import re
import subprocess
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import assets
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from gruppetto.kernel.clock import now

PROGRAM = Path(__file__).with_name("oidc_provider.mjs")
HERE = "http://testserver"
BACK = HERE + "/compte/connexion/avec/{code}/retour/"
SECRET = "the-secret-that-the-provider-shares-with-us"


def client(code: str, **more: Any) -> dict[str, Any]:
    """How the house is known to a provider that it calls ``code``."""
    return {
        "client_id": f"gruppetto-{code}",
        "client_secret": SECRET,
        "redirect_uris": [BACK.format(code=code)],
        "post_logout_redirect_uris": [HERE + "/compte/connexion/"],
        "token_endpoint_auth_method": "client_secret_post",
        **more,
    }


def described(code: str, issuer: str, **more: str) -> dict[str, str]:
    """The same from our side: what the environment says of it."""
    words = {
        "NAME": f"Chez {code}",
        "ISSUER": issuer,
        "CLIENT_ID": f"gruppetto-{code}",
        "CLIENT_SECRET": SECRET,
        **more,
    }
    stem = f"GRUPPETTO_OIDC_{code.upper()}_"
    return {"GRUPPETTO_OIDC": code, **{stem + word: value for word, value in words.items()}}


@contextmanager
def real_provider(*clients: dict[str, Any]) -> Iterator[str]:
    """The address of a provider that knows these clients."""
    command = [*assets.node(), str(PROGRAM), json.dumps(clients)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            address = process.stdout.readline().strip()
            assert address, "the provider ended by itself: run its command by hand to read why"
            yield address
        finally:
            process.kill()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_all: Any) -> None:
        return None


@dataclass
class Visitor:
    """A browser at a real provider, with its cookies: once signed in there, recognised without a question."""

    asked: int = 0
    opener: urllib.request.OpenerDirector = field(
        default_factory=lambda: urllib.request.build_opener(
            _Stay, urllib.request.HTTPCookieProcessor(CookieJar())
        )
    )

    def visit(self, address: str, **said: Any) -> str:
        """From ``address`` on, saying who one is when asked, to the address that leads back to the house."""
        for _step in range(10):
            status, target, page = self._open(address)
            if status == 200 and page.startswith("prompt: login"):
                self.asked += 1
                status, target, page = self._open(address, json.dumps(said).encode())
            elif status == 200 and "/session/end" in page:
                form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page)) | {"logout": "yes"}
                found = re.search(r'action="([^"]+)"', page)
                assert found
                status, target, page = self._open(found[1], urllib.parse.urlencode(form).encode())
            assert target, f"{status} {page[:800]}"
            address = urllib.parse.urljoin(address, target)
            if address.startswith(HERE):
                return address
        raise AssertionError(f"it never comes back: {address}")

    def _open(self, address: str, body: bytes | None = None) -> tuple[int, str, str]:
        try:
            answer = self.opener.open(address, body, timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.status, answer.headers.get("Location", ""), answer.read().decode()


def of(address: str) -> dict[str, str]:
    """The parameters of an address."""
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))


KEY = rsa.generate_private_key(65537, 2048)


@dataclass
class Liar:
    """A provider that answers what a test wants: ``tokens`` is what it gives for any code, ``doors`` what it says of
    itself, ``status`` how it answers about tokens; ``asked`` keeps the forms it was sent, ``paths`` what was read."""

    issuer: str
    key: rsa.RSAPrivateKey = KEY
    keys: list[dict[str, Any]] = field(default_factory=lambda: [public(KEY.public_key(), "one")])
    doors: dict[str, Any] = field(default_factory=dict)
    tokens: Any = None
    userinfo: Any = None
    status: int = 200
    asked: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.doors = {
            "issuer": self.issuer,
            "authorization_endpoint": self.issuer + "/authorize",
            "token_endpoint": self.issuer + "/tokens",
            "jwks_uri": self.issuer + "/keys",
            "userinfo_endpoint": self.issuer + "/me",
        }

    def claims(self, nonce: str, **more: Any) -> dict[str, Any]:
        """What a sound id_token says."""
        at = int(now().timestamp())
        return {
            "iss": self.issuer,
            "aud": "gruppetto-liar",
            "sub": "42",
            "iat": at,
            "exp": at + 60,
            "nonce": nonce,
            **more,
        }

    def sign(self, claims: dict[str, Any], **header: str) -> str:
        """``claims`` signed with its own key."""
        return jwt.encode(claims, self.key, "RS256", headers={"kid": "one", **header})


@contextmanager
def liars() -> Iterator[Callable[[], Liar]]:
    """Providers that lie, one after the other on the same port."""
    present: list[Liar] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            one = present[-1]
            one.paths.append(self.path)
            self._say({"/keys": {"keys": one.keys}, "/me": one.userinfo}.get(self.path, one.doors), 200)

        def do_POST(self) -> None:
            one = present[-1]
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            one.asked.append(
                dict(urllib.parse.parse_qsl(form)) | {"authorization": self.headers["Authorization"] or ""}
            )
            self._say(one.tokens, one.status)

        def _say(self, what: Any, status: int) -> None:
            signed = isinstance(what, str)
            body = what.encode() if signed else json.dumps(what).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/jwt" if signed else "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_all: Any) -> None:
            """The test says what matters."""

    house = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def another() -> Liar:
        present.append(Liar(f"http://127.0.0.1:{house.server_port}"))
        return present[-1]

    threading.Thread(target=house.serve_forever, daemon=True).start()
    try:
        yield another
    finally:
        house.shutdown()
        house.server_close()


def public(key: rsa.RSAPublicKey, name: str) -> dict[str, Any]:
    """A public key as a provider publishes it."""
    return {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key)), "kid": name, "use": "sig"}
