from allauth.account.admin import EmailAddressAdmin  # noqa: F401  registered first, to be withdrawn
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin  # noqa: F401  likewise
from django.contrib.auth.models import Group
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from accounts.models import User

# Roles are grants of `territories`, and a person has one address: the first two would mislead.
# The third comes back below.
admin.site.unregister([EmailAddress, Group, DBTaskResult])
# The admin's own sign-in form has none of the limits of /connexion/.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.site_header = admin.site.site_title = settings.SITE_NAME


class UserForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["email", "name", "is_active", "is_staff"]
        help_texts = {
            "email": "C’est l’identité de la personne : elle se connecte avec elle.",
            "is_active": "À décocher au départ de la personne : son travail reste signé.",
            "is_staff": "Ouvre les formations et gère les comptes, sans voir les fiches.",
        }

    def clean_email(self):
        return self.cleaned_data["email"].lower()


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """People. A password is never set nor seen here: its owner chooses it by « mot de passe
    oublié », or signs in by code."""

    form = UserForm
    list_display = ["name", "email", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["name", "email"]
    fields = ["email", "name", "is_active", "is_staff", "date_joined", "last_login"]
    readonly_fields = ["date_joined", "last_login"]

    def lookup_allowed(self, lookup, value, request):
        """Not `?password__startswith=`, which would tell the hash letter by letter."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def get_readonly_fields(self, request, obj=None):
        """Nobody locks themselves out."""
        if obj == request.user:
            return [*self.readonly_fields, "is_active", "is_staff"]
        return self.readonly_fields

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        # The platform's staff has the whole admin: no finer rights are kept.
        obj.is_superuser = obj.is_staff
        super().save_model(request, obj, form, change)
        if "email" in form.changed_data:
            # allauth would go on accepting the former address.
            EmailAddress.objects.filter(user=obj).delete()

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(DBTaskResult)
class TaskAdmin(DBTaskResultAdmin):
    """What the worker did and what failed, without what it worked on: the messages that it sends
    tell of the teams' work."""

    hidden_fields = ("args_kwargs", "return_value")

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return [name for name in fields if name not in self.hidden_fields]

    def lookup_allowed(self, lookup, value, request):
        """Nor may an address of the list guess it (`?args_kwargs__icontains=`)."""
        return not lookup.startswith(self.hidden_fields) and super().lookup_allowed(
            lookup, value, request
        )
