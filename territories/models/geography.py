"""France's official geography as the city contracts use it. Codes are the identities:
INSEE codes for communes, SIREN for EPCI and contracts, QP/QN codes for districts."""

from django.core.validators import RegexValidator
from django.db import models

from territories.enums import ContourLevel


class Departement(models.Model):
    code = models.CharField("code", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=60)
    region_code = models.CharField("région", max_length=3)

    class Meta:
        verbose_name = "département"
        ordering = ["code"]

    def __str__(self):
        return f"{self.name} ({self.code})"


class EPCI(models.Model):
    siren = models.CharField("SIREN", max_length=9, primary_key=True)
    name = models.CharField("nom", max_length=150)
    nature = models.CharField("nature", max_length=10)

    class Meta:
        verbose_name = verbose_name_plural = "EPCI"
        ordering = ["name"]

    def __str__(self):
        return self.name


class Commune(models.Model):
    code = models.CharField("code INSEE", max_length=5, primary_key=True)
    name = models.CharField("nom", max_length=80)
    departement = models.ForeignKey(Departement, models.PROTECT, related_name="communes")
    # Islands without taxation of their own and the overseas collectivities have none.
    epci = models.ForeignKey(EPCI, models.PROTECT, null=True, blank=True, related_name="communes")
    population = models.PositiveIntegerField("population municipale", default=0)

    class Meta:
        verbose_name = "commune"
        ordering = ["name", "code"]

    def __str__(self):
        return self.name


class FormerCommune(models.Model):
    """A code that no longer names a commune (merged, delegated, arrondissement of Paris, Lyon,
    Marseille) and the commune that answers for it today."""

    code = models.CharField("code INSEE", max_length=5, primary_key=True)
    commune = models.ForeignKey(Commune, models.CASCADE, related_name="former_codes")

    class Meta:
        verbose_name = "ancienne commune"
        verbose_name_plural = "anciennes communes"

    def __str__(self):
        return f"{self.code} → {self.commune_id}"


class DistrictQuerySet(models.QuerySet):
    def of_2024(self):
        """Districts of the generation in force since 1 January 2024."""
        return self.filter(code__startswith="QN")


class District(models.Model):
    """A quartier prioritaire (QPV) of the 2015 (QP…) or the 2024 (QN…) generation."""

    CODE_PATTERN = r"^(QP(\d{3}|02[AB])\d{3}|QN(\d{3}|02[AB])\d{2}[MINC])$"

    code = models.CharField(
        "code",
        max_length=8,
        primary_key=True,
        validators=[RegexValidator(CODE_PATTERN, "Ce code n’est pas celui d’un QPV.")],
    )
    name = models.CharField("nom", max_length=200)
    communes = models.ManyToManyField(Commune, related_name="districts")
    epcis = models.ManyToManyField(EPCI, related_name="districts")
    # A point inside the district, WGS 84 degrees; null until known.
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)

    objects = DistrictQuerySet.as_manager()

    class Meta:
        verbose_name = "quartier prioritaire"
        verbose_name_plural = "quartiers prioritaires"
        ordering = ["code"]

    def __str__(self):
        return f"{self.name} ({self.code})"


class Perimeter(models.Model):
    """The official outline of a district, kept apart so that lists of districts stay light."""

    district = models.OneToOneField(District, models.CASCADE, primary_key=True)
    wkb = models.BinaryField("géométrie (WKB, WGS 84)")
    is_repaired = models.BooleanField("réparée à l’import", default=False)
    imported_at = models.DateTimeField("importé le", auto_now=True)

    class Meta:
        verbose_name = "périmètre"

    def __str__(self):
        return f"périmètre de {self.district_id}"


class Contour(models.Model):
    """The outline of a commune or of a département, for the map and to tell in which commune a
    point is. Under the code of its own year: a commune that merged since has kept its own. The
    two kinds of codes differ by their length."""

    code = models.CharField("code", max_length=5, primary_key=True)
    level = models.CharField("niveau", max_length=11, choices=ContourLevel)
    name = models.CharField("nom", max_length=80)
    wkb = models.BinaryField("géométrie (WKB, WGS 84)")
    imported_at = models.DateTimeField("importé le", auto_now=True)

    class Meta:
        verbose_name = "contour"

    def __str__(self):
        return f"{self.name} ({self.code})"


class Succession(models.Model):
    """One row of the official table that ties a 2024 district to a 2015 one; a 2024 district
    succeeds none to three of 2015, and a 2015 district may have several successors."""

    district = models.ForeignKey(District, models.CASCADE, related_name="successions")
    former_code = models.CharField("code 2015", max_length=8)
    former_name = models.CharField("nom 2015", max_length=200)
    status = models.CharField("statut", max_length=20)

    class Meta:
        verbose_name = "succession"
        ordering = ["district_id", "former_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "former_code"], name="territories_succession_once"
            )
        ]

    def __str__(self):
        return f"{self.former_code} → {self.district_id}"


class CityContract(models.Model):
    """A contrat de ville; its code is the SIREN of the leading EPCI, for want of an official
    code of the contracts of 2030. Many to many with districts: some straddle two EPCI."""

    code = models.CharField("code (SIREN)", max_length=9, primary_key=True)
    name = models.CharField("nom", max_length=150)
    epcis = models.ManyToManyField(EPCI, related_name="contracts")
    districts = models.ManyToManyField(District, related_name="contracts")
    is_confirmed = models.BooleanField("confirmé", default=False)

    class Meta:
        verbose_name = "contrat de ville"
        verbose_name_plural = "contrats de ville"
        ordering = ["name"]

    def __str__(self):
        return self.name
