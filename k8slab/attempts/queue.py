"""Puts work into the queue. A broker that is away loses nothing: what is to be done is a row that the sweeper finds."""

from __future__ import annotations

import logging
from typing import Any

from celery import Task
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from k8slab.celery import app

log = logging.getLogger(__name__)
RETRY = {"max_retries": 1, "interval_start": 0.1, "interval_max": 0.1}


def enqueue(task: Task, *args: Any, after: float = 0.0) -> None:
    """Args: `after` in seconds. Where tasks run in this very process, nothing is put off: the caller would wait."""
    if after and app.conf.task_always_eager:
        return
    try:
        task.apply_async(args, countdown=after or None, retry_policy=RETRY)
    except (OperationalError, RedisError, OSError) as error:
        log.warning("the queue is away, %s%s waits for the sweeper: %s", task.name, args, error)
