"""The demo's own secrets, made once in its folder; everything a process of the demo needs in its environment."""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from gruppetto.launcher import Server
from gruppetto.launcher.roles import VARIABLES
from gruppetto.launcher.sealing import FILE as SEAL_KEY
from gruppetto.launcher.sealing import seal_key

FILE = "keys.json"
LINE = "main"
# 05 36 49 99 99: kept for fiction, and no subscriber's.
PHONE_SHOWN = "05 36 49 99 99"
WORDS = ("Velours", "Cascade", "Girolle", "Passerelle", "Lanterne", "Bruyere", "Cabane", "Rossignol")


@dataclass(frozen=True)
class Keys:
    """``files``: key name and 32 bytes; ``password``: the one of all the demo's accounts."""

    secret: str
    service: str
    files: str
    line: str
    password: str

    @classmethod
    def of(cls, folder: Path) -> Keys:
        """The keys of a folder, drawn the first time (0600), that of its journal with them."""
        seal_key(folder / SEAL_KEY)
        place = folder / FILE
        try:
            return cls(**json.loads(place.read_text()))
        except FileNotFoundError:
            keys = cls.drawn()
        with open(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(asdict(keys), file)
        return keys

    @classmethod
    def drawn(cls) -> Keys:
        """Fresh ones."""
        words = "-".join(secrets.choice(WORDS) for _ in range(2))
        return cls(
            secret=secrets.token_urlsafe(48),
            service=secrets.token_urlsafe(48),
            files="demo:" + base64.b64encode(secrets.token_bytes(32)).decode(),
            line=secrets.token_urlsafe(32),
            # Copied by hand from a terminal, and strong enough for the rule of passwords.
            password=f"{words}-{secrets.randbelow(9_000) + 1_000}",
        )


def home() -> Path:
    """Where the demo is kept unless told otherwise: ``GRUPPETTO_FOLDER``, else ``.var`` in the checkout."""
    project = Path(__file__).resolve().parents[3]
    return Path(os.environ.get("GRUPPETTO_FOLDER", project / ".var")) / "demo"


def environment(folder: Path, keys: Keys, server: Server | None, database: str, clamd: str) -> dict[str, str]:
    """What each process of the demo finds in its environment; ``server`` None: the addresses are already there."""
    given = {name: os.environ[name] for name in VARIABLES.values() if name in os.environ}
    return {
        **(_addresses(server, database) if server else given),
        "DJANGO_SETTINGS_MODULE": "gruppetto.settings",
        "GRUPPETTO_DEMO": "1",
        "GRUPPETTO_FOLDER": str(folder),
        "GRUPPETTO_SECRET_KEY": keys.secret,
        "GRUPPETTO_SERVICE_KEY": keys.service,
        "GRUPPETTO_FILES_KEY": keys.files,
        "GRUPPETTO_SEAL_KEY_FILE": str(folder / SEAL_KEY),
        "GRUPPETTO_LINES": f"{LINE}={keys.line}",
        "GRUPPETTO_CLAMD": clamd,
        "GRUPPETTO_PHONE_SHOWN": PHONE_SHOWN,
    }


def addresses_given(environ: Mapping[str, str] = os.environ) -> bool:
    """Are the four addresses of decisions 2 set?"""
    return all(environ.get(name) for name in VARIABLES.values())


def _addresses(server: Server, database: str) -> dict[str, str]:
    """The four addresses of our own server, by the variable that carries each (decisions 2)."""
    by_role = {
        "web": server.web_url,
        "owner": server.owner_url,
        "worker": server.worker_url,
        "sealer": server.sealer_url,
    }
    return {variable: by_role[role](database) for role, variable in VARIABLES.items()}
