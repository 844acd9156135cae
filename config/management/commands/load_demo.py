from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.demo import ACCOUNTS, PASSWORD
from config.demo.loading import is_loaded, load
from config.demo.setting import ReferenceMissing
from opportunities.models import Opportunity
from territories.models import Territory
from worksheets.models import Worksheet


class Command(BaseCommand):
    help = (
        "Charge une démonstration : des équipes fictives sur quatre territoires réels. "
        "Une fois chargée, elle n’est plus touchée."
    )

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError(
                "La démonstration ne se charge qu’avec DEMO=1 : ses comptes ont un mot de passe "
                "connu de tous."
            )
        if is_loaded():
            self.stdout.write("La démonstration est déjà chargée : rien n’a été changé.")
        else:
            try:
                load(timezone.localdate())
            except ReferenceMissing as error:
                raise CommandError(f"{error} Rien n’a été écrit.") from error
            self.stdout.write(
                f"Démonstration chargée : {Territory.objects.count()} territoires, "
                f"{Opportunity.objects.count()} opportunités, {Worksheet.objects.count()} fiches."
            )
        self.stdout.write(f"Comptes, tous avec le mot de passe {PASSWORD} :")
        for email, role in ACCOUNTS:
            self.stdout.write(f"  {email:<26}{role}")
