from territories.imports.command import FileImportCommand
from territories.imports.districts import import_districts


class Command(FileImportCommand):
    help = (
        "Importe la liste officielle des quartiers prioritaires (CSV de l’ANCT) "
        "et en déduit les contrats de ville."
    )
    import_file = staticmethod(import_districts)
