"""Routes of the terminal."""

from django.urls import re_path

from . import views

urlpatterns = [re_path(r"^forward/(?P<token>[^/]+)/(?P<rest>.*)$", views.forward, name="forward")]
