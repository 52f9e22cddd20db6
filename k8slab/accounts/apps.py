from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "k8slab.accounts"
    default_auto_field = "django.db.models.BigAutoField"
