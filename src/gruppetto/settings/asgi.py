"""ASGI entry: pages and live events in one server."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gruppetto.settings")
application = get_asgi_application()
