from django.apps import AppConfig


class AttemptsConfig(AppConfig):
    name = "k8slab.attempts"
    default_auto_field = "django.db.models.BigAutoField"
