from django.urls import include, path

from worksheets.views import (
    activity,
    answers,
    commenting,
    history,
    live,
    overview,
    printing,
    reviewing,
    sending,
    starting,
    writing,
)

app_name = "worksheets"

of_one_worksheet = [
    path("", writing.worksheet_show, name="worksheet-show"),
    path("opportunites/", starting.opportunities_choose, name="opportunities-choose"),
    path("reponses/<slug:slot_name>/", answers.answer_save, name="answer-save"),
    path("changements/", live.changes_read, name="changes-read"),
    path("presence/", live.presence_tell, name="presence-tell"),
    path("visite/", activity.worksheet_visit, name="worksheet-visit"),
    path("reponses/<slug:slot_name>/historique/", history.answer_history, name="answer-history"),
    path(
        "reponses/<slug:slot_name>/historique/<int:version>/",
        history.answer_restore,
        name="answer-restore",
    ),
    path("historique/", history.worksheet_history, name="worksheet-history"),
    path("comparer/", history.worksheet_compare, name="worksheet-compare"),
    path("transmettre/", sending.worksheet_submit, name="worksheet-submit"),
    path("retirer/", sending.worksheet_withdraw, name="worksheet-withdraw"),
    path("versions/<int:number>/", writing.submission_show, name="submission-show"),
    path("versions/<int:number>/fiche.pdf", printing.submission_pdf, name="submission-pdf"),
    path("fiche.pdf", printing.worksheet_pdf, name="worksheet-pdf"),
    path("fiche-vierge.pdf", printing.blank_pdf, name="blank-pdf"),
    path("relecture/", reviewing.review, name="review"),
    path("relecture/commencer/", reviewing.review_start, name="review-start"),
    path("rouvrir/", reviewing.worksheet_reopen, name="worksheet-reopen"),
    path("commentaires/", commenting.discussion_show, name="discussion-show"),
    path("commentaires/<slug:slot_name>/", commenting.comment_add, name="comment-add"),
    path("commentaires/<slug:slot_name>/personnes/", commenting.mention_list, name="mention-list"),
    path(
        "commentaires/<slug:comment_ref>/traiter/",
        commenting.comment_resolve,
        name="comment-resolve",
    ),
    path("avis/", commenting.opinion_sign, name="opinion-sign"),
]

of_one_territory = [
    path("", overview.territory_home, name="territory-home"),
    path("activite/", activity.activity_show, name="activity"),
    path("activite/visite/", activity.territory_visit, name="territory-visit"),
    path("activite/vue/", activity.activity_mark_seen, name="activity-mark-seen"),
    path("fiches/", overview.worksheet_list, name="list"),
    path("fiches/commencer/", starting.worksheet_start, name="worksheet-start"),
    path("fiches/<slug:worksheet_ref>/", include(of_one_worksheet)),
    path(
        "opportunites/<slug:opportunity_ref>/fiches/",
        starting.opportunity_worksheets,
        name="opportunity-worksheets",
    ),
]

urlpatterns = [
    path("territoires/<slug:territory_ref>/", include(of_one_territory)),
    path("formations/<slug:ref>/tableau/", overview.board, name="board"),
]
