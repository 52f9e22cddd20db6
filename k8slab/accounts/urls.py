from allauth.account.views import logout
from django.urls import path

from . import views

urlpatterns = [
    path("guest/", views.guest, name="guest"),
    path("join/", views.join, name="join"),
    path("language/", views.language, name="language"),
    path("login/", views.LoginView.as_view(), name="account_login"),
    path("logout/", logout, name="account_logout"),
    path("password/change/", views.PasswordChangeView.as_view(), name="account_change_password"),
]
