"""What the import commands have in common."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from territories.imports.reports import Report, UnusableFile


class ImportCommand(BaseCommand):
    """Runs `run_import` in one transaction, which a dry run rolls back, and prints its reports.
    Refused lines are listed and do not fail the command; an unusable file does."""

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="Dit ce qui serait fait, sans rien écrire."
        )

    def run_import(self, options) -> list[Report]:
        raise NotImplementedError

    def handle(self, **options):
        try:
            with transaction.atomic():
                reports = self.run_import(options)
                if options["dry_run"]:
                    transaction.set_rollback(True)
        except UnusableFile as error:
            raise CommandError(f"{error} Rien n’a été écrit.") from error
        for report in reports:
            for line in report.lines():
                self.stdout.write(line)
        if options["dry_run"]:
            self.stdout.write("Essai à blanc : rien n’a été écrit.")


class FileImportCommand(ImportCommand):
    """An import of one file, by the function `import_file`."""

    import_file: staticmethod

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FICHIER", help="Chemin du fichier officiel.")
        super().add_arguments(parser)

    def run_import(self, options):
        return self.import_file(options["file"])
