from django.apps import AppConfig


class AuthoringConfig(AppConfig):
    name = "k8slab.authoring"
    label = "authoring"
