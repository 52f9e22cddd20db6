from django.apps import AppConfig


class SupervisorConfig(AppConfig):
    name = "k8slab.supervisor"
    default_auto_field = "django.db.models.BigAutoField"
