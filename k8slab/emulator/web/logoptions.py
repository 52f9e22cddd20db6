"""What of a log is asked for, as the query says it."""

from __future__ import annotations

from k8slab.emulator.controllers.times import parse_timestamp
from k8slab.emulator.fielderrors import FieldErrors
from k8slab.emulator.ports import LogRequest
from k8slab.emulator.status import bad_request, invalid
from k8slab.emulator.web.request import Request


def read_log_request(request: Request, pod: str, now: float) -> LogRequest:
    tail, limit = _number(request, "tailLines"), _number(request, "limitBytes")
    seconds, time = _number(request, "sinceSeconds"), request.query.get("sinceTime", "")
    errors = FieldErrors()
    if tail is not None and tail < 0:
        errors.invalid("tailLines", tail, "must be greater than or equal to 0")
    if limit is not None and limit < 1:
        errors.invalid("limitBytes", limit, "must be greater than 0")
    if seconds is not None and time:
        errors.forbidden("[]", "at most one of `sinceTime` or `sinceSeconds` may be specified")
    elif seconds is not None and seconds < 1:
        errors.invalid("sinceSeconds", seconds, "must be greater than 0")
    if errors:
        raise invalid("PodLogOptions", "", pod, errors)
    since = now - seconds if seconds is not None else _time(time)
    flags = {name: request.flag(name) for name in ("follow", "previous", "timestamps")}
    return LogRequest(tail_lines=tail, limit_bytes=limit, since=since, **flags)


def _number(request: Request, name: str) -> int | None:
    text = request.query.get(name)
    if text is None or text == "":
        return None
    if not text.removeprefix("-").isdigit():
        raise bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax')
    return int(text)


def _time(text: str) -> float | None:
    if not text:
        return None
    try:
        return parse_timestamp(text)
    except ValueError as error:
        why = f'parsing time "{text}" as "2006-01-02T15:04:05Z07:00": cannot parse "{text}" as "2006"'
        raise bad_request(why) from error
