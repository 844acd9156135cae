from tests.journeys import acts
from tests.journeys.pages.page import TEAM, Page
from tests.journeys.states import words, worksheets

STEP_1 = "Étape 1\N{NO-BREAK SPACE}: Détecter les opportunités"
STEP_2 = "Étape 2\N{NO-BREAK SPACE}: De l’opportunité au projet"
PROJECT = f"{STEP_2} – {words.OPPORTUNITY}"

PAGES = (
    # Writing a worksheet
    Page("lead", "worksheets:worksheet-show", worksheets.new_diagnosis, f"Auto-diagnostic, {TEAM}"),
    Page("lead", "worksheets:worksheet-show", worksheets.new_step_1, f"{STEP_1}, {TEAM}"),
    Page("lead", "worksheets:worksheet-show", worksheets.filled_step_1, f"{STEP_1}, {TEAM}"),
    Page(
        "lead",
        "worksheets:worksheet-show",
        worksheets.step_1_with_actions,
        f"{STEP_1}, {TEAM}",
        acts.take_up_actions,
    ),
    Page("contributor", "worksheets:worksheet-show", worksheets.new_project, f"{PROJECT}, {TEAM}"),
    Page("lead", "worksheets:worksheet-show", worksheets.filled_project, f"{PROJECT}, {TEAM}"),
    Page("partner", "worksheets:worksheet-show", worksheets.filled_step_1, f"{STEP_1}, {TEAM}"),
    Page("lead", "worksheets:worksheet-show", worksheets.returned_step_1, f"{STEP_1}, {TEAM}"),
    Page(
        "lead",
        "worksheets:worksheet-show",
        worksheets.commented_diagnosis,
        f"Auto-diagnostic, {TEAM}",
        acts.comment,
    ),
    Page(
        "lead",
        "worksheets:worksheet-show",
        worksheets.new_project,
        f"{PROJECT}, {TEAM}",
        acts.type_bad_amount,
    ),
    Page(
        "lead",
        "worksheets:worksheet-show",
        worksheets.new_project,
        f"{PROJECT}, {TEAM}",
        acts.remove_rows,
    ),
    Page(
        "lead",
        "worksheets:worksheet-show",
        worksheets.commented_diagnosis,
        f"Auto-diagnostic, {TEAM}",
        acts.write_behind,
    ),
    Page(
        "contributor",
        "worksheets:worksheet-show",
        worksheets.new_diagnosis,
        f"Auto-diagnostic, {TEAM}",
        acts.write_together,
    ),
    Page(
        "lead",
        "worksheets:worksheet-show",
        worksheets.answered_project,
        f"{PROJECT}, {TEAM}",
        acts.send_stale_page,
    ),
    Page(
        "lead",
        "worksheets:worksheet-show",
        worksheets.new_diagnosis,
        f"Textes non enregistrés – Auto-diagnostic, {TEAM}",
        acts.send_closed_page,
    ),
    Page(
        "lead",
        "worksheets:worksheet-show",
        worksheets.new_diagnosis,
        "Vos textes sont gardés",
        acts.send_signed_out,
    ),
    Page(
        "lead",
        "worksheets:opportunities-choose",
        worksheets.new_step_1,
        "Opportunités de la fiche",
    ),
    Page(
        "lead",
        "worksheets:opportunities-choose",
        worksheets.step_1_to_choose,
        "Opportunités de la fiche",
    ),
    Page(
        "lead",
        "worksheets:opportunities-choose",
        worksheets.step_1_to_choose,
        "À corriger – Opportunités de la fiche",
        acts.send_nothing,
    ),
    # Reading a worksheet
    Page("reader", "worksheets:worksheet-show", worksheets.filled_step_1, f"{STEP_1}, {TEAM}"),
    Page("reader", "worksheets:worksheet-show", worksheets.new_project, f"{PROJECT}, {TEAM}"),
    Page("trainer", "worksheets:worksheet-show", worksheets.returned_step_1, f"{STEP_1}, {TEAM}"),
    Page("lead", "worksheets:worksheet-show", worksheets.submitted_step_1, f"{STEP_1}, {TEAM}"),
    Page(
        "trainer", "worksheets:worksheet-show", worksheets.validated_project, f"{PROJECT}, {TEAM}"
    ),
    Page(
        "observer",
        "worksheets:submission-show",
        worksheets.submission,
        f"Version 1 – {STEP_1}, {TEAM}",
    ),
    # Its history
    Page(
        "lead",
        "worksheets:answer-history",
        worksheets.answer_of_corrected_project,
        f"Historique de «\N{NO-BREAK SPACE}Partenaires\N{NO-BREAK SPACE}» – {PROJECT}, {TEAM}",
    ),
    Page(
        "lead",
        "worksheets:answer-restore",
        worksheets.version_of_corrected_project,
        "Version 1 de «\N{NO-BREAK SPACE}Moyens / ressources\N{NO-BREAK SPACE}» – "
        f"{PROJECT}, {TEAM}",
    ),
    Page(
        "lead",
        "worksheets:worksheet-history",
        worksheets.corrected_project,
        f"Historique – {PROJECT}, {TEAM}",
    ),
    Page(
        "lead",
        "worksheets:worksheet-compare",
        worksheets.corrected_project,
        f"Comparer deux versions – {PROJECT}, {TEAM}",
    ),
    Page(
        "lead",
        "worksheets:worksheet-compare",
        worksheets.filled_project,
        f"Comparer deux versions – {PROJECT}, {TEAM}",
        query="?de=zzz&a=maintenant",
    ),
    Page(
        "trainer", "worksheets:review", worksheets.second_review, f"Relecture – {PROJECT}, {TEAM}"
    ),
    # From hand to hand
    Page(
        "lead",
        "worksheets:worksheet-submit",
        worksheets.complete_diagnosis,
        f"Transmettre – Auto-diagnostic, {TEAM}",
    ),
    Page(
        "lead",
        "worksheets:worksheet-submit",
        worksheets.late_step_1,
        f"Transmettre – {STEP_1}, {TEAM}",
    ),
    Page(
        "lead",
        "worksheets:worksheet-submit",
        worksheets.submitted_step_1,
        f"Transmettre – {STEP_1}, {TEAM}",
    ),
    Page(
        "lead",
        "worksheets:worksheet-submit",
        worksheets.new_diagnosis,
        f"Transmettre – Auto-diagnostic, {TEAM}",
        acts.submit_behind,
    ),
    Page(
        "lead",
        "worksheets:worksheet-show",
        worksheets.submitted_step_1,
        f"Refusé – {STEP_1}, {TEAM}",
        acts.withdraw_too_late,
    ),
    Page(
        "trainer",
        "worksheets:review",
        worksheets.review,
        f"Relecture – Auto-diagnostic, {TEAM}",
    ),
    Page(
        "trainer",
        "worksheets:review",
        worksheets.review_of_a_colleague,
        f"Relecture – Auto-diagnostic, {TEAM}",
        acts.return_without_reason,
    ),
    Page(
        "trainer",
        "worksheets:worksheet-reopen",
        worksheets.validated_project,
        f"Rouvrir – {PROJECT}, {TEAM}",
    ),
    Page(
        "trainer",
        "worksheets:worksheet-reopen",
        worksheets.validated_project,
        f"Rouvrir – {PROJECT}, {TEAM}",
        acts.send_nothing,
    ),
    Page(
        "lead",
        "worksheets:comment-add",
        worksheets.question_of_diagnosis,
        "Commenter «\N{NO-BREAK SPACE}Les collaborations qui s’organisent sur la question"
        "\N{NO-BREAK SPACE}» – "
        f"Auto-diagnostic, {TEAM}",
        acts.send_no_comment,
    ),
    Page(
        "reader",
        "worksheets:opinion-sign",
        worksheets.filled_project,
        f"Donner mon avis – {PROJECT}, {TEAM}",
        acts.send_nothing,
    ),
)
