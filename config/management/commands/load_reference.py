from territories.imports.cog import import_geography
from territories.imports.command import ImportCommand
from territories.imports.districts import REFERENCE, import_districts
from territories.imports.reports import Report
from worksheets.grids.publishing import publish_grids


class Command(ImportCommand):
    help = (
        "Charge ce que toute installation doit avoir : le COG, les quartiers prioritaires des "
        "Hauts-de-France et leurs contrats de ville, les trois canevas."
    )

    def run_import(self, options):
        geography = import_geography()
        # What an administrator imported since is newer than the table of the project.
        districts = import_districts(REFERENCE, only_new=True)
        grids = Report("canevas", created=len(publish_grids()))
        return [*geography, *districts, grids]
