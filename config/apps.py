from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Installation"

    def ready(self):
        from config import checks  # noqa: F401, PLC0415  registers them
