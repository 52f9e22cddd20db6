"""Pages of the course, and what the workbench asks for."""

from django.urls import path

from . import api, object_api, schema_api, views

urlpatterns = [
    path("", views.course, name="course"),
    path("learn/<slug:lesson_id>/", views.lesson, name="lesson"),
    path("learn/<slug:lesson_id>/scenes/<slug:diagram_id>.json", views.scene, name="scene"),
    path("learn/<slug:lesson_id>/<slug:exercise_id>/", views.exercise, name="exercise"),
    path("api/exercises/<slug:exercise_id>/start", api.start, name="start"),
    path("api/exercises/<slug:exercise_id>/submit", api.submit, name="submit"),
    path("api/exercises/<slug:exercise_id>/retry", api.retry, name="retry"),
    path("api/exercises/<slug:exercise_id>/reset", api.reset, name="reset"),
    path("api/exercises/<slug:exercise_id>/draft", api.draft, name="draft"),
    path("api/exercises/<slug:exercise_id>/state", api.state, name="state"),
    path("api/exercises/<slug:exercise_id>/last", api.last, name="last"),
    path("api/exercises/<slug:exercise_id>/extend", api.extend, name="extend"),
    path("api/exercises/<slug:exercise_id>/hint", api.hint, name="hint"),
    path("api/exercises/<slug:exercise_id>/object", object_api.object_yaml, name="object"),
    path("api/exercises/<slug:exercise_id>/log", object_api.log, name="log"),
    path("api/exercises/<slug:exercise_id>/past", object_api.past, name="past"),
    path("api/exercises/<slug:exercise_id>/node", object_api.node, name="node"),
    path("api/schema/", schema_api.index, name="schemas"),
    path("api/schema/<path:api_version>", schema_api.schema, name="schema"),
]
