from opportunities.models.actions import DetectionAction
from opportunities.models.attachments import Attachment
from opportunities.models.opportunity import Opportunity, Share, StageChange
from opportunities.models.people import Person
from opportunities.models.saved_filters import SavedFilter

__all__ = [
    "Attachment",
    "DetectionAction",
    "Opportunity",
    "Person",
    "SavedFilter",
    "Share",
    "StageChange",
]
