from territories.imports.command import FileImportCommand
from territories.imports.succession import import_succession


class Command(FileImportCommand):
    help = "Importe la table de passage des quartiers de 2015 à ceux de 2024 (CSV)."
    import_file = staticmethod(import_succession)
