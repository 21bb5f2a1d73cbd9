"""WSGI entry: pages only; live events need the ASGI entry beside it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gruppetto.settings")
application = get_wsgi_application()
