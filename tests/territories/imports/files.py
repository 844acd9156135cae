"""Small files in the formats of the official ones."""

import json

DISTRICT_HEADER = (
    "code_qp;lib_qp;insee_reg;lib_reg;insee_dep;lib_dep;insee_com;lib_com;siren_epci;lib_epci"
)


def write_text(folder, *lines, name="fichier.csv", encoding="utf-8", newline="\r\n"):
    path = folder / name
    path.write_bytes((newline.join(lines) + newline).encode(encoding))
    return path


def district_line(code="QN00202M", name="Faubourg D'Isle", insee="02691", siren="200071892"):
    """A line under DISTRICT_HEADER; its labels of places are wrong on purpose: only codes count."""
    return f"{code};{name};32;Région;2;Département;{insee};Ville ancienne;{siren};EPCI ancien"


def write_json(folder, name, content):
    path = folder / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def commune(code, name="Commune", departement="59", **fields):
    record = {"code": code, "nom": name, "departement": departement, "type": "commune-actuelle"}
    return record | fields


def write_cog(folder, *, communes, epci, departements=(("59", "Nord"),)):
    """The three files of the COG; `epci` is {SIREN: codes of its communes}."""
    write_json(
        folder,
        "departements.json",
        [{"code": code, "nom": name, "region": "32"} for code, name in departements],
    )
    write_json(folder, "communes.json", list(communes))
    write_json(
        folder,
        "epci.json",
        [
            {
                "code": siren,
                "nom": f"EPCI {siren}",
                "type": "CA",
                "membres": [{"code": code} for code in codes],
            }
            for siren, codes in epci.items()
        ],
    )
    return folder


def feature(code, *rings, kind="Polygon"):
    coordinates = list(rings) if kind == "Polygon" else [list(rings)]
    return {
        "type": "Feature",
        "properties": {"code_qp": code, "lib_qp": "Nom", "insee_com": "59001, 59002"},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def write_features(folder, *features):
    return write_json(
        folder, "perimetres.geojson", {"type": "FeatureCollection", "features": list(features)}
    )
