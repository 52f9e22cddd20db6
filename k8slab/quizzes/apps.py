from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    name = "k8slab.quizzes"
    default_auto_field = "django.db.models.BigAutoField"
