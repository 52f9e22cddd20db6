from django.apps import AppConfig


class SandboxConfig(AppConfig):
    name = "k8slab.sandbox"
    default_auto_field = "django.db.models.BigAutoField"
