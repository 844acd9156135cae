"""Reading files whole, and saying in French why one can't be read, or written."""

import errno
import json
from pathlib import Path

from territories.imports.reports import UnusableFile

# The system says it in its own language.
_REASONS = {
    errno.ENOENT: "ce chemin n’existe pas",
    errno.ENOTDIR: "ce chemin n’existe pas",
    errno.EISDIR: "c’est un dossier",
    errno.EACCES: "vous n’en avez pas le droit",
    errno.EPERM: "vous n’en avez pas le droit",
    errno.EROFS: "ce disque ne permet pas d’écrire",
    errno.ENOSPC: "le disque est plein",
    errno.ENAMETOOLONG: "son nom est trop long",
}


def reason_of(error: OSError) -> str:
    """Why the system refused, in a few words that end a sentence."""
    return _REASONS.get(error.errno or 0, f"erreur n° {error.errno} du système")


def read_bytes(path: str | Path) -> bytes:
    """The content of a file; raises UnusableFile where it cannot be read."""
    try:
        return Path(path).read_bytes()
    except FileNotFoundError as error:
        raise UnusableFile(f"Le fichier {path} n’existe pas.") from error
    except OSError as error:
        raise UnusableFile(
            f"Le fichier {path} ne peut pas être lu : {reason_of(error)}."
        ) from error


def read_json(path: str | Path):
    """What a JSON file holds; raises UnusableFile where it is not JSON."""
    content = read_bytes(path)
    try:
        return json.loads(content)
    except json.JSONDecodeError as error:
        where = f"ligne {error.lineno}, caractère {error.colno}"
        raise UnusableFile(f"Le fichier {path} n’est pas du JSON : erreur à la {where}.") from error
    except UnicodeDecodeError as error:
        raise UnusableFile(
            f"Le fichier {path} n’est pas du JSON : ce n’est pas du texte en UTF-8."
        ) from error
    except RecursionError as error:
        raise UnusableFile(
            f"Le fichier {path} n’est pas lisible : trop de niveaux y sont imbriqués."
        ) from error
    except ValueError as error:  # a number of thousands of digits
        raise UnusableFile(f"Le fichier {path} contient un nombre illisible.") from error
