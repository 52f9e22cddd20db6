from django.urls import path

from . import views

urlpatterns = [
    path("", views.teach, name="teach"),
    path("lessons/", views.lessons, name="teach_lessons"),
    path("exercises/<slug:exercise_id>/", views.exercise, name="teach_exercise"),
    path("exercises/<slug:exercise_id>/load/", views.load, name="teach_load"),
    path("students/<int:student_id>/", views.student, name="teach_student"),
    path("students/<int:student_id>/password/", views.password, name="teach_password"),
    path("submissions/<uuid:submission_id>/", views.submission, name="teach_submission"),
    path("submissions/<uuid:submission_id>/text/", views.text, name="teach_text"),
]
