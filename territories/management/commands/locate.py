import json

from django.core.management.base import BaseCommand, CommandError

from territories.locating import locate
from territories.measuring import NotAPosition, position


class Command(BaseCommand):
    help = (
        "Dit en JSON le quartier (ou le quartier à moins de 300 m), la commune, l’EPCI et le "
        "contrat de ville d’un point, par leurs codes."
    )

    def add_arguments(self, parser):
        parser.add_argument("longitude", metavar="LON", help="Longitude en degrés (WGS 84).")
        parser.add_argument("latitude", metavar="LAT", help="Latitude en degrés (WGS 84).")

    def handle(self, *, longitude, latitude, **options):
        try:
            location = locate(*position(longitude, latitude))
        except NotAPosition as error:
            raise CommandError(str(error)) from error
        answer = {
            "district": location.district,
            "near": location.near,
            "commune": location.commune,
            "epci": location.epci,
            "contract": location.contract,
            "to_confirm": not location.is_confirmed,
        }
        self.stdout.write(json.dumps(answer))
