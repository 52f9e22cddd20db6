from django.urls import path

from . import views

urlpatterns = [path("quiz/<slug:quiz_id>/", views.answer, name="quiz")]
