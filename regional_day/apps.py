from django.apps import AppConfig


class RegionalDayConfig(AppConfig):
    name = "regional_day"
    verbose_name = "Journée régionale"
