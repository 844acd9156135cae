import pytest

from programmes.enums import Step
from tests import factories
from worksheets.completeness import missing, progress
from worksheets.content import Content
from worksheets.models import Worksheet
from worksheets.sketches import Sketch, sketches_of


def sketch_of(worksheet):
    rows = Worksheet.objects.filter(pk=worksheet.pk).select_related("territory", "programme")
    return sketches_of(rows)[worksheet.pk]


def says_the_same(worksheet):
    sketch, content = sketch_of(worksheet), Content.of(worksheet)
    assert sketch.opportunities == content.opportunities
    assert missing(sketch) == missing(content)
    assert progress(sketch) == progress(content)
    return progress(sketch).answered


def test_a_sketch_lacks_what_the_content_lacks(step_1, lead, shared):
    assert says_the_same(step_1) == 0
    factories.write_answer(step_1, "strategy", "Une visite", lead)
    factories.write_answer(step_1, "interest", "Un lieu", lead, opportunity=shared)
    assert says_the_same(step_1) == 2


def test_an_answer_that_was_emptied_is_missing_again(step_1, lead):
    factories.write_answer(step_1, "strategy", "Une visite", lead)
    factories.write_answer(step_1, "strategy", " ", lead)
    assert says_the_same(step_1) == 0


def test_an_opportunity_that_is_no_longer_chosen_doesn_t_count(step_1, lead, shared):
    factories.write_answer(step_1, "interest", "Un lieu", lead, opportunity=shared)
    step_1.chosen.filter(opportunity=shared).delete()
    assert says_the_same(step_1) == 0


@pytest.mark.parametrize("step", [Step.SELF_DIAGNOSIS, Step.STEP_1])
def test_a_worksheet_about_no_opportunity(territory, programme, lead, grids, step):
    says_the_same(factories.create_worksheet(territory, programme, lead, step=step))


def test_step_2(step_2, lead):
    factories.write_answer(step_2, "activities", "Un atelier", lead)
    assert says_the_same(step_2) == 1


def test_a_part_of_a_sketch_is_a_sketch(step_1, lead, shared):
    factories.write_answer(step_1, "interest", "Un lieu", lead, opportunity=shared)
    factories.write_answer(step_1, "strategy", "Une visite", lead)
    part = sketch_of(step_1).only_about(frozenset([shared.ref]))
    assert type(part) is Sketch
    assert progress(part) == progress(Content.of(step_1).only_about(frozenset([shared.ref])))
    assert progress(part).answered == 1


def test_many_worksheets_cost_two_queries_and_no_text(
    step_1, step_2, lead, django_assert_num_queries
):
    factories.write_answer(step_1, "strategy", "Une visite", lead)
    worksheets = Worksheet.objects.select_related("territory", "programme", "grid_version")
    list(worksheets)
    with django_assert_num_queries(2) as queries:
        sketches_of(worksheets)
    assert not any('"value"' in query["sql"] for query in queries)
