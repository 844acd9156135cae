import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from accounts import courier
from accounts.models import User
from tests.factories import PASSWORD, create_user


@pytest.fixture
def admin_client(client_of, staff):
    return client_of(staff)


def fields_of(user, **changes):
    fields = {"email": user.email, "name": user.name, "is_active": "on", **changes}
    return {name: value for name, value in fields.items() if value is not None}


def test_a_new_person_has_no_password(admin_client):
    data = {"email": "Chloe@Tests.example", "name": "Chloé Delattre", "is_active": "on"}
    admin_client.post("/administration/accounts/user/add/", data)
    chloe = User.objects.get(email="chloe@tests.example")
    assert (chloe.name, chloe.has_usable_password()) == ("Chloé Delattre", False)
    assert (chloe.is_staff, chloe.is_superuser) == (False, False)


def test_one_address_one_account(admin_client, staff):
    data = {"email": staff.email.upper(), "name": "Un double", "is_active": "on"}
    answer = admin_client.post("/administration/accounts/user/add/", data)
    sentence = ["Un compte utilise déjà cette adresse."]
    assert answer.context["adminform"].form.errors == {"email": sentence, "__all__": sentence}
    assert User.objects.count() == 1


def test_the_pages_show_no_password(admin_client):
    alice = create_user("Alice Lambert")
    for address in ("", "add/", f"{alice.pk}/change/"):
        page = admin_client.get(f"/administration/accounts/user/{address}").content.decode()
        assert alice.password not in page
        assert 'name="password' not in page


def test_naming_somebody_staff_opens_the_admin_to_them(admin_client, client_of):
    alice = create_user("Alice Lambert")
    address = f"/administration/accounts/user/{alice.pk}/change/"
    admin_client.post(address, fields_of(alice, is_staff="on"))
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
    assert client_of(alice).get("/administration/accounts/user/").status_code == 200
    admin_client.post(address, fields_of(alice))
    alice.refresh_from_db()
    assert (alice.is_staff, alice.is_superuser) == (False, False)


def test_the_former_address_no_longer_signs_in(admin_client, client):
    alice = create_user("Alice Lambert", email="alice@tests.example")
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    address = f"/administration/accounts/user/{alice.pk}/change/"
    admin_client.post(address, fields_of(alice, email="alice.lambert@tests.example"))
    for login, enters in [
        ("alice@tests.example", False),
        ("alice.lambert@tests.example", True),
    ]:
        client.post("/connexion/", {"login": login, "password": PASSWORD})
        assert ("_auth_user_id" in client.session) == enters


def test_nobody_locks_themselves_out(admin_client, staff):
    address = f"/administration/accounts/user/{staff.pk}/change/"
    admin_client.post(address, fields_of(staff, is_active=None))
    staff.refresh_from_db()
    assert (staff.is_active, staff.is_staff, staff.is_superuser) == (True, True, True)


def test_nobody_is_deleted(admin_client):
    alice = create_user("Alice Lambert")
    address = f"/administration/accounts/user/{alice.pk}/delete/"
    assert admin_client.post(address, {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=alice.pk).exists()


def test_the_admin_has_no_work_of_the_teams():
    apps = {model._meta.app_label for model in admin.site._registry}
    assert apps.isdisjoint({"worksheets", "opportunities", "journal", "account", "auth"})


def test_only_staff_enters(client_of, lead):
    answer = client_of(lead).get("/administration/accounts/user/", follow=True)
    assert answer.status_code == 403


def test_the_admin_has_no_sign_in_form_of_its_own(client, db):
    answer = client.get("/administration/", follow=True)
    path, _ = answer.redirect_chain[-1]
    assert path.startswith("/connexion/?next=%2Fadministration%2F")


@pytest.mark.django_db(transaction=True)
def test_a_task_is_shown_without_what_it_worked_on(admin_client):
    courier.deliver.enqueue("alice@tests.example", "Objet secret", "Texte secret", "<p>secret</p>")
    task = DBTaskResult.objects.get()
    address = reverse("admin:django_tasks_database_dbtaskresult_change", args=[task.pk])
    page = admin_client.get(address).content.decode()
    assert "accounts.courier.deliver" in page
    assert "secret" not in page
    assert "alice@tests.example" not in page


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        ("accounts/user", "password__startswith=md5"),
        ("django_tasks_database/dbtaskresult", "args_kwargs__icontains=secret"),
        ("django_tasks_database/dbtaskresult", "args_kwargs__kwargs__subject__startswith=O"),
        ("django_tasks_database/dbtaskresult", "return_value__isnull=1"),
    ],
)
def test_the_address_of_a_list_guesses_nothing_hidden(admin_client, model, lookup):
    address = f"/administration/{model}/"
    assert admin_client.get(address).status_code == 200
    assert admin_client.get(f"{address}?{lookup}").status_code == 400
