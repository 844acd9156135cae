from accounts.models import User
from tests import factories


def add_people(count):
    for _ in range(count):
        factories.create_user()


def test_a_query_for_each_row_shows(query_counts):
    def visit():
        for user in User.objects.all():
            user.groups.count()

    assert query_counts(visit, add_people) == [2, 4, 301]


def test_one_query_for_all_rows(query_counts):
    assert query_counts(lambda: list(User.objects.all()), add_people) == [1, 1, 1]
