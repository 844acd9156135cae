from django.core.management.base import BaseCommand

from opportunities.placing import place_all_again


class Command(BaseCommand):
    help = (
        "Retrouve le quartier et la commune de chaque opportunité placée sur la carte. À lancer "
        "après un import de périmètres ou de contours."
    )

    def handle(self, *args, **options):
        count = place_all_again()
        self.stdout.write(f"Opportunités situées à nouveau : {count}.")
