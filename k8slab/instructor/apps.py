from django.apps import AppConfig


class InstructorConfig(AppConfig):
    name = "k8slab.instructor"
    default_auto_field = "django.db.models.BigAutoField"
