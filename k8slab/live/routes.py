"""Websocket routes."""

from django.urls import path

from .consumers import SandboxConsumer

websocket_urlpatterns = [path("ws/sandbox/", SandboxConsumer.as_asgi())]
