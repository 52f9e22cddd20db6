"""Coming, staying and leaving. What django-allauth does well is its own; guests are ours."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from . import actions
from .forms import JoinForm, LoginForm, PasswordChangeForm
from .languages import current_language, settle_language
from .models import User
from .places import next_place


def somebody(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def guest(request: HttpRequest) -> HttpResponseBase:
    """Start at once. A reload or an old link changes nothing."""
    if request.method != "POST" or somebody(request):
        return redirect(next_place(request))
    refusal: HttpResponse | None = ratelimit.consume_or_429(request, action="guest")
    if refusal:
        return refusal
    user = actions.create_guest(current_language())
    login(request, user)
    response = redirect(next_place(request))
    settle_language(request, response, user)
    return response


@never_cache
@sensitive_post_parameters("password", "again")
def join(request: HttpRequest) -> HttpResponseBase:
    user = somebody(request)
    if user and not user.is_guest:
        return redirect(next_place(request))
    form = JoinForm(request.POST or None)
    if request.method == "POST":
        response = ratelimit.consume_or_429(request, action="signup") or _join(request, user, form)
        if response:
            return response
    return render(request, "accounts/join.html", {"form": form, "next": next_place(request)})


def _join(request: HttpRequest, user: User | None, form: JoinForm) -> HttpResponseBase | None:
    if not form.is_valid():
        return None
    try:
        joined = actions.join(user, form.cleaned_data["username"], form.cleaned_data["password"], current_language())
    except actions.NameTaken:
        form.refuse_name()
        return None
    except actions.NotAGuest:  # a second window was faster
        return redirect(next_place(request))
    if user:
        update_session_auth_hash(request, joined)  # a new session key, the same session
    else:
        login(request, joined)
    messages.success(request, _("Welcome, %(name)s. Your work is kept under this name.") % {"name": joined.username})
    response = redirect(next_place(request))
    settle_language(request, response, joined)
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    response = set_language(request)
    chosen = request.POST.get("language", "")
    user = somebody(request)
    if user and response.cookies:  # Django sets the cookie for a language that we have, and only then
        actions.speak(user, chosen)
    return response


class LoginView(allauth.LoginView):  # type: ignore[misc]  # allauth ships no types
    form_class = LoginForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A guest may go on to an account; whoever has one is through already."""
        user = somebody(request)
        if user and not user.is_guest:
            return redirect(next_place(request))
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        user = somebody(self.request)
        if user and not user.is_guest:
            settle_language(self.request, response, user)
        return response


@method_decorator(login_required, name="dispatch")
class PasswordChangeView(allauth.PasswordChangeView):  # type: ignore[misc]  # allauth ships no types
    form_class = PasswordChangeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = somebody(request)
        if user and not user.has_usable_password():
            return redirect("join")
        refusal: HttpResponse | None = ratelimit.consume_or_429(request, action="change_password")
        response: HttpResponseBase = refusal or super().dispatch(request, *args, **kwargs)
        return response

    def get_default_success_url(self) -> str:
        return next_place(self.request)
