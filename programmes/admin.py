"""Where the platform's staff open programmes and name their trainers."""

from django.contrib import admin

from programmes.enrolment import delete_programme, record_enrolment, sync_grants
from programmes.models import Deadline, Enrolment, Member, Programme, Session


class SessionInline(admin.TabularInline):
    model = Session
    extra = 0


class DeadlineInline(admin.TabularInline):
    model = Deadline
    extra = 0


class EnrolmentInline(admin.TabularInline):
    model = Enrolment
    extra = 0
    autocomplete_fields = ["territory"]


class MemberInline(admin.TabularInline):
    model = Member
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(Programme)
class ProgrammeAdmin(admin.ModelAdmin):
    list_display = ["name", "centre", "horizon"]
    list_filter = ["centre"]
    search_fields = ["name"]
    inlines = [SessionInline, DeadlineInline, EnrolmentInline, MemberInline]

    def save_related(self, request, form, formsets, change):
        # Inside the transaction of the admin's view: no member without their rights.
        programme = form.instance
        before = set(programme.enrolments.values_list("pk", flat=True))
        super().save_related(request, form, formsets, change)
        sync_grants(programme=programme, by=request.user)
        for enrolment in programme.enrolments.exclude(pk__in=before).select_related("territory"):
            record_enrolment(enrolment=enrolment, by=request.user)

    def get_deleted_objects(self, objs, request):
        """Counts what teams wrote, which prevents it, and names none of it: the platform's staff
        reads no team's work."""
        *found, protected = super().get_deleted_objects(objs, request)
        count = f"Travail des équipes ({len(protected)})"
        return *found, [count] if protected else []

    def delete_model(self, request, obj):
        delete_programme(obj)

    def delete_queryset(self, request, queryset):
        for programme in queryset:
            delete_programme(programme)
