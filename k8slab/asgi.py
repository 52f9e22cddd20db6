"""HTTP to Django, websockets to Channels."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "k8slab.settings")
http = get_asgi_application()  # before any import that needs the app registry

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402

from k8slab.live import routes as live  # noqa: E402
from k8slab.terminal import routes as terminal  # noqa: E402

websocket_urlpatterns = [*live.websocket_urlpatterns, *terminal.websocket_urlpatterns]

application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)
