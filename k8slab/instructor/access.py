from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from k8slab.accounts.models import User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def instructors_only(view: View[P]) -> View[P]:
    """Strangers log in first; students are refused. Never cached: these pages are about other people."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not (isinstance(request.user, User) and request.user.is_instructor):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return never_cache(login_required(guarded))
