from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand

from opportunities.attachments import missing_files, stray_files
from opportunities.exchange.importing import discard, left_aside_for_long, unfinished


class Command(BaseCommand):
    help = (
        "Efface du disque les pièces jointes que plus rien ne connaît (enregistrement annulé, "
        "opportunité supprimée pour de bon) et les imports que personne n’a terminés ; nomme les "
        "pièces jointes qui manquent. À lancer chaque jour."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="Nomme les fichiers sans rien effacer."
        )

    def handle(self, *args, dry_run, **options):
        strays, imports = list(stray_files()), list(unfinished())
        for name in strays:
            self.stdout.write(name)
            if not dry_run:
                default_storage.delete(name)
        for file_import in imports:
            self.stdout.write(str(file_import.file.name))
            if not dry_run:
                discard(file_import)
        if not dry_run:
            left_aside_for_long().delete()
        end = "à effacer" if dry_run else "effacés"
        count = len(strays) + len(imports)
        self.stdout.write(f"Fichiers {end} : {count}.")
        for name in missing_files():
            self.stderr.write(f"Manque sur le disque : {name}")
