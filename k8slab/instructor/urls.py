from django.urls import path

from . import views

urlpatterns = [
    path("", views.teach, name="teach"),
]
