from territories.imports.command import FileImportCommand
from territories.imports.contours import import_contours


class Command(FileImportCommand):
    help = "Importe les contours des communes et des départements (GeoJSON en WGS 84)."
    import_file = staticmethod(import_contours)
