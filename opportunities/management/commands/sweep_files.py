from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand

from opportunities.attachments import missing_files, stray_files


class Command(BaseCommand):
    help = (
        "Efface du disque les pièces jointes que plus rien ne connaît (enregistrement annulé, "
        "opportunité supprimée pour de bon) et nomme celles qui manquent. À lancer chaque jour."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="Nomme les fichiers sans rien effacer."
        )

    def handle(self, *args, dry_run, **options):
        strays = list(stray_files())
        for name in strays:
            self.stdout.write(name)
            if not dry_run:
                default_storage.delete(name)
        end = "à effacer" if dry_run else "effacés"
        self.stdout.write(f"Fichiers {end}\N{NO-BREAK SPACE}: {len(strays)}.")
        for name in missing_files():
            self.stderr.write(f"Manque sur le disque\N{NO-BREAK SPACE}: {name}")
