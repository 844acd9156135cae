from territories.imports.command import FileImportCommand
from territories.imports.perimeters import import_perimeters


class Command(FileImportCommand):
    help = "Importe les périmètres officiels des quartiers prioritaires (GeoJSON en WGS 84)."
    import_file = staticmethod(import_perimeters)
