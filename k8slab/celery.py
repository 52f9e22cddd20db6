"""The task app: a leaf, so that every room may declare tasks on it (`from k8slab.celery import app`)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "k8slab.settings")

app = Celery("k8slab")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
