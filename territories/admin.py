"""Where the platform's staff look up the geography, confirm the city contracts and open the
territories. What comes from the COG and from the official lists is imported, not typed."""

from django import forms
from django.contrib import admin

from territories.models import (
    EPCI,
    CityContract,
    Commune,
    Departement,
    District,
    ResourceCentre,
    Territory,
)
from territories.teams import open_territory


class ImportedAdmin(admin.ModelAdmin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Departement)
class DepartementAdmin(ImportedAdmin):
    list_display = ["code", "name", "region_code"]
    search_fields = ["=code", "name"]


@admin.register(EPCI)
class EPCIAdmin(ImportedAdmin):
    list_display = ["siren", "name", "nature"]
    list_filter = ["nature"]
    search_fields = ["=siren", "name"]


@admin.register(Commune)
class CommuneAdmin(ImportedAdmin):
    list_display = ["code", "name", "departement", "epci", "population"]
    list_select_related = ["departement", "epci"]
    search_fields = ["=code", "name", "=former_codes__code"]


@admin.register(District)
class DistrictAdmin(ImportedAdmin):
    list_display = ["code", "name"]
    search_fields = ["code", "name", "communes__name"]


@admin.register(CityContract)
class CityContractAdmin(admin.ModelAdmin):
    """A contract follows its EPCI at each import until it is confirmed."""

    list_display = ["code", "name", "is_confirmed"]
    list_filter = ["is_confirmed"]
    search_fields = ["=code", "name"]
    autocomplete_fields = ["epcis", "districts"]

    def get_readonly_fields(self, request, obj=None):
        return ["code"] if obj else []  # a new code would make another contract


@admin.register(ResourceCentre)
class ResourceCentreAdmin(admin.ModelAdmin):
    search_fields = ["name"]


class TerritoryForm(forms.ModelForm):
    class Meta:
        model = Territory
        fields = ["contract", "name"]
        help_texts = {"name": "Le nom du contrat de ville, si rien n’est écrit."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False

    def clean(self):
        super().clean()
        contract = self.cleaned_data.get("contract", getattr(self.instance, "contract", None))
        if contract and not self.cleaned_data.get("name"):
            self.cleaned_data["name"] = contract.name


@admin.register(Territory)
class TerritoryAdmin(admin.ModelAdmin):
    """A territory is opened on a contract and stays: its work hangs on it. Its team is not run
    from here: a trainer invites the first lead, who invites the others."""

    form = TerritoryForm
    list_display = ["name", "contract"]
    list_select_related = ["contract"]
    search_fields = ["name", "=contract__code"]
    autocomplete_fields = ["contract"]

    def get_readonly_fields(self, request, obj=None):
        return ["contract"] if obj else []

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
        else:
            open_territory(territory=obj, by=request.user)
