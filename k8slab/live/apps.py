from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "k8slab.live"
    default_auto_field = "django.db.models.BigAutoField"
