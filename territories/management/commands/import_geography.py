from territories.imports.cog import COG_FOLDER, import_geography
from territories.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Importe les départements, les EPCI et les communes de tout le pays (COG de l’Insee)."

    def add_arguments(self, parser):
        parser.add_argument(
            "--folder",
            default=COG_FOLDER,
            metavar="DOSSIER",
            help="Dossier de departements.json, epci.json et communes.json "
            "(par défaut, le paquet npm @etalab/decoupage-administratif).",
        )
        super().add_arguments(parser)

    def run_import(self, options):
        return import_geography(options["folder"])
