"""The cast of the trade and a little work, in front of the lists."""

from __future__ import annotations

from tests.service.conftest import cast as cast
from tests.service.worklists.conftest import work as work
