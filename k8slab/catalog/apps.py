from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "k8slab.catalog"
    default_auto_field = "django.db.models.BigAutoField"
