from worksheets.models.answers import Answer, Revision, slot_name
from worksheets.models.comments import Comment
from worksheets.models.grid_versions import GridVersion
from worksheets.models.presence import Presence
from worksheets.models.worksheet import (
    MAX_OPPORTUNITIES,
    READS_EVERYTHING,
    ChosenOpportunity,
    Submission,
    Transition,
    Worksheet,
)

__all__ = [
    "MAX_OPPORTUNITIES",
    "READS_EVERYTHING",
    "Answer",
    "ChosenOpportunity",
    "Comment",
    "GridVersion",
    "Presence",
    "Revision",
    "Submission",
    "Transition",
    "Worksheet",
    "slot_name",
]
