"""Choosing a name and a password."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .models import User
from .names import is_reserved

TAKEN = _("This name is taken. Please choose another one.")


NAME_KEYS = {"autocapitalize": "none", "spellcheck": "false"}  # phones write “Mina” for “mina” otherwise


def password_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, strip=False, max_length=128, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )


class JoinForm(forms.Form):
    username = UsernameField(
        label=_("Name"),
        max_length=40,
        validators=[UnicodeUsernameValidator()],
        help_text=_("Your instructor sees this name. Letters, digits and @ . + - _ are fine."),
        widget=forms.TextInput(attrs={"autocomplete": "username", **NAME_KEYS}),
    )
    password = password_field(_("Password"))
    again = password_field(_("Password, once more"))

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        if is_reserved(name):
            raise ValidationError(_("Names that begin with “guest-” are kept for guests."))
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(TAKEN)
        return name

    def clean(self) -> dict[str, Any]:
        password = self.cleaned_data.get("password")
        if password is None:
            return self.cleaned_data
        if self.cleaned_data.get("again", password) != password:
            self.add_error("again", _("The two passwords are not the same."))
        try:
            validate_password(password, User(username=self.cleaned_data.get("username", "")))
        except ValidationError as error:
            self.add_error("password", error)
        return self.cleaned_data

    def refuse_name(self) -> None:
        """Somebody took the name between the question and the answer."""
        self.add_error("username", ValidationError(TAKEN))


class LoginForm(allauth.LoginForm):  # type: ignore[misc]  # allauth ships no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Name")
        self.fields["login"].widget.attrs.update(NAME_KEYS)
        self.fields["remember"].label = _("Stay logged in on this computer")
        forget_placeholders(self)


class PasswordChangeForm(allauth.ChangePasswordForm):  # type: ignore[misc]  # allauth ships no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forget_placeholders(self)


def forget_placeholders(form: forms.Form) -> None:
    """They only repeat the labels, and vanish where they would be needed."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
        field.help_text = ""
