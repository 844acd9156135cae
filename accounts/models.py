from hashlib import sha256

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    def create_user(self, email, name, password=None, **fields):
        """A user whose identity is `email` (kept in lower case); without a password,
        sign-in by e-mailed code is the only way in."""
        user = self.model(email=email.strip().lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, name, password=None, **fields):
        return self.create_user(email, name, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The e-mail address is the identity; roles on a territory's work are in
    `territories`, never here; `is_staff` runs the platform and sees no team's work."""

    email = models.EmailField(
        "adresse électronique",
        unique=True,
        error_messages={"unique": "Un compte utilise déjà cette adresse."},
    )
    name = models.CharField("prénom et nom", max_length=120)
    is_staff = models.BooleanField("administre la plateforme", default=False)
    is_active = models.BooleanField("peut se connecter", default=True)
    date_joined = models.DateTimeField("compte créé le", default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "personne"
        verbose_name_plural = "personnes"
        ordering = ["name", "email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email_any_case",
                violation_error_message="Un compte utilise déjà cette adresse.",
            )
        ]

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name.split(" ")[0]

    @property
    def device_key(self):
        """What a browser keeps to tell whose words wait in it: always the same for an account, and
        says nothing of it. Not signed: a new SECRET_KEY mustn't orphan what waits."""
        return sha256(f"{self.pk} {self.date_joined.isoformat()}".encode()).hexdigest()[:16]

    @property
    def initials(self):
        """Two letters for the avatar: first and last word of the name."""
        words = self.name.split()
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"

    @property
    def tint(self):
        """One of the four colours of avatars, always the same for a name."""
        return sum(map(ord, self.name)) % 4 + 1
