from django.core.management.base import BaseCommand

from opportunities.keeping import KEPT_FOR, StillReferredTo, purge, to_purge


class Command(BaseCommand):
    help = (
        f"Supprime pour de bon les opportunités mises à la corbeille il y a plus de {KEPT_FOR.days}"
        " jours, avec leurs personnes et leurs documents."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="Dit ce qui serait supprimé, sans rien écrire."
        )

    def handle(self, *, dry_run, **options):
        for opportunity in to_purge().select_related("territory"):
            name = f"{opportunity.ref} ({opportunity.territory})"
            if dry_run:
                self.stdout.write(f"{name} serait supprimée.")
                continue
            try:
                purge(opportunity)
            except StillReferredTo:
                self.stderr.write(f"{name} reste : une fiche en parle.")
            else:
                self.stdout.write(f"{name} est supprimée.")
