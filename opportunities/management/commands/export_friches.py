from django.core.management.base import BaseCommand, CommandError

from opportunities.exchange.cnig import csv_lines, friches, lacks
from opportunities.models import Opportunity
from territories.imports.files import reason_of
from territories.models import Territory


class Command(BaseCommand):
    help = "Écrit les friches dans un CSV au standard national CNIG Friches (v1.0.6)."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FICHIER", help="Chemin du fichier à écrire.")
        parser.add_argument("--territory", metavar="REF", help="Référence d’un seul territoire.")

    def handle(self, **options):
        opportunities = Opportunity.objects.current().filter(deleted_at=None)
        if ref := options["territory"]:
            if not Territory.objects.filter(ref=ref).exists():
                raise CommandError(f"Aucun territoire n’a la référence {ref}.")
            opportunities = opportunities.filter(territory__ref=ref)
        whole, lacking = friches(opportunities)
        try:
            with open(options["file"], "w", encoding="utf-8", newline="") as file:
                file.writelines(csv_lines(whole))
        except OSError as error:
            raise CommandError(
                f"Le fichier {options['file']} ne peut pas être écrit : {reason_of(error)}."
            ) from error
        self.stdout.write(f"friches écrites : {whole.count()}")
        self.stdout.write(f"friches laissées de côté : {lacking.count()}")
        for opportunity in lacking.order_by("title", "ref").iterator():
            self.stdout.write(f"- {opportunity.title} : il manque {lacks(opportunity)}")
