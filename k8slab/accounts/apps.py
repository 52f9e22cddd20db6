from django.apps import AppConfig
from django.core import checks


class AccountsConfig(AppConfig):
    name = "k8slab.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .checks import settings_make_sense, translations_compiled

        checks.register(translations_compiled, checks.Tags.translation)
        checks.register(settings_make_sense)
