"""The table of contents of all HTTP routes."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("k8slab.accounts.urls")),
    path("teach/", include("k8slab.instructor.urls")),
    path("terminal/", include("k8slab.terminal.urls")),
    path("", include("k8slab.quizzes.urls")),
    path("", include("k8slab.attempts.urls")),
]
