from opportunities.models.actions import DetectionAction
from opportunities.models.attachments import Attachment
from opportunities.models.calendars import CalendarSubscription
from opportunities.models.imports import FileImport, ImportRow
from opportunities.models.opportunity import Opportunity, Share, StageChange
from opportunities.models.people import Person
from opportunities.models.saved_filters import SavedFilter

__all__ = [
    "Attachment",
    "CalendarSubscription",
    "DetectionAction",
    "FileImport",
    "ImportRow",
    "Opportunity",
    "Person",
    "SavedFilter",
    "Share",
    "StageChange",
]
