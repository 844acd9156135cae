from django.core.management.base import BaseCommand

from opportunities.searching import keep_all_findable


class Command(BaseCommand):
    help = (
        "Réécrit les mots par lesquels chaque opportunité se trouve. À lancer après un import "
        "qui renomme des quartiers ou des communes."
    )

    def handle(self, *args, **options):
        count = keep_all_findable()
        self.stdout.write(f"Opportunités mises à jour : {count}.")
