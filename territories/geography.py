"""Finding a place by its official code."""

from territories.models import Commune, FormerCommune


def commune_by_code(code: str) -> Commune:
    """The commune that answers today for an INSEE code, merged communes and the arrondissements
    of Paris, Lyon and Marseille included. Raises Commune.DoesNotExist."""
    former = FormerCommune.objects.select_related("commune").filter(code=code).first()
    return former.commune if former else Commune.objects.get(code=code)
