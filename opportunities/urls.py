from django.urls import include, path

from opportunities.views import (
    actions,
    attachments,
    browsing,
    calendars,
    capture,
    exchange,
    facts,
    following,
    keeping,
    mapping,
    merging,
    people,
    saved_filters,
)

app_name = "opportunities"

one = [
    path("", facts.opportunity_detail, name="detail"),
    path("modifier/", facts.opportunity_edit, name="edit"),
    path("etape/", following.opportunity_move, name="move"),
    path("partage/", following.opportunity_share, name="share"),
    path("archiver/", keeping.opportunity_archive, name="archive"),
    path("restaurer/", keeping.opportunity_restore, name="restore"),
    path("supprimer/", keeping.opportunity_delete, name="delete"),
    path("pieces-jointes/", attachments.opportunity_attachments, name="attachments"),
    path("fusionner/", merging.opportunity_merge, name="merge"),
    path("personnes/ajouter/", people.person_add, name="person-add"),
]
one_import = [
    path("", exchange.import_show, name="import-show"),
    path("colonnes/", exchange.import_match, name="import-match"),
    path("colonnes/changer/", exchange.import_reopen, name="import-reopen"),
    path("verifier/", exchange.import_check, name="import-check"),
    path("ecrire/", exchange.import_write, name="import-write"),
    path("abandonner/", exchange.import_discard, name="import-discard"),
    path("a-corriger.csv", exchange.import_errors, name="import-errors"),
]
all_of_a_territory = [
    path("", browsing.opportunity_list, name="list"),
    path("importer/", exchange.import_start, name="import-start"),
    path("importer/modele.xlsx", exchange.import_template, name="import-template"),
    path("importer/<slug:ref>/", include(one_import)),
    path("exporter/opportunites.<slug:extension>", exchange.opportunity_export, name="export"),
    path("exporter/friches/", exchange.friches_show, name="friches-show"),
    path("exporter/friches.csv", exchange.friches_export, name="friches-export"),
    path("carte.json", mapping.map_data, name="map-data"),
    path("nouvelle/", facts.opportunity_create, name="create"),
    path("corbeille/", keeping.bin_show, name="bin"),
    path("corbeille/<slug:ref>/reprendre/", keeping.opportunity_undelete, name="undelete"),
    path("<slug:ref>/", include(one)),
]
people_of_a_territory = [
    path("", people.person_list, name="person-list"),
    path("<slug:person_ref>/", people.person_change, name="person-change"),
    path("<slug:person_ref>/donnees.json", people.person_export, name="person-export"),
    path("<slug:person_ref>/oublier/", people.person_forget, name="person-forget"),
]
one_action = [
    path("", actions.action_detail, name="action-detail"),
    path("modifier/", actions.action_edit, name="action-edit"),
    path("tenue/", actions.action_hold, name="action-hold"),
    path("annuler/", actions.action_cancel, name="action-cancel"),
    path("reprendre/", actions.action_resume, name="action-resume"),
    path("pieces-jointes/", attachments.action_attachments, name="action-attachments"),
    path("action.ics", calendars.event_download, name="event-download"),
]
actions_of_a_territory = [
    path("", actions.action_list, name="action-list"),
    path("nouvelle/", actions.action_create, name="action-create"),
    path("calendrier.ics", calendars.calendar_download, name="calendar-download"),
    path("abonnement/", calendars.calendar_subscribe, name="calendar-subscribe"),
    path("abonnement/arreter/", calendars.calendar_unsubscribe, name="calendar-unsubscribe"),
    path("<slug:ref>/", include(one_action)),
]
across_territories = [
    path("", browsing.opportunity_list_all, name="list-all"),
    path("exporter/opportunites.<slug:extension>", exchange.opportunity_export, name="export-all"),
    path("exporter/friches/", exchange.friches_show, name="friches-show-all"),
    path("exporter/friches.csv", exchange.friches_export, name="friches-export-all"),
    path("carte.json", mapping.map_data, name="map-data-all"),
    path("filtres/", saved_filters.filter_list, name="filter-list"),
    path("filtres/enregistrer/", saved_filters.filter_save, name="filter-save"),
    path("filtres/<slug:ref>/renommer/", saved_filters.filter_rename, name="filter-rename"),
    path("filtres/<slug:ref>/supprimer/", saved_filters.filter_delete, name="filter-delete"),
]
one_attachment = [
    path("vignette", attachments.attachment_preview, name="attachment-preview"),
    path("supprimer/", attachments.attachment_remove, name="attachment-remove"),
    path("<str:name>", attachments.attachment_read, name="attachment-read"),
]
capturing = [
    path("", capture.capture_page, name="capture"),
    path("hors-connexion/", capture.capture_shell, name="capture-shell"),
    path("envoi/", capture.capture_send, name="capture-send"),
    path("envoi/<slug:ref>/photos/", capture.capture_send_photo, name="capture-send-photo"),
]
urlpatterns = [
    path("reperer/", include(capturing)),
    path("pieces-jointes/<slug:ref>/", include(one_attachment)),
    path("territoires/<slug:territory_ref>/personnes/", include(people_of_a_territory)),
    path("opportunites/", include(across_territories)),
    path("territoires/<slug:territory_ref>/actions/", include(actions_of_a_territory)),
    path("calendriers/<str:token>.ics", calendars.calendar_fetch, name="calendar-fetch"),
    path("territoires/<slug:territory_ref>/opportunites/", include(all_of_a_territory)),
]
