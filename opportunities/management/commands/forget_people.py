from django.core.management.base import BaseCommand

from opportunities.models import Person
from opportunities.people import forget_overdue


class Command(BaseCommand):
    help = "Anonymise les personnes dont la durée de conservation est passée. À lancer chaque jour."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="compte sans rien écrire")

    def handle(self, *args, dry_run, **options):
        if dry_run:
            self.stdout.write(f"Personnes à anonymiser : {Person.objects.overdue().count()}")
        else:
            self.stdout.write(f"Personnes anonymisées : {forget_overdue()}")
