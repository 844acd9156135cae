"""The worksheets of the story: begun, written, sent, reviewed.

Whoever does something comes through the door of the pages: a story in which somebody did what they
may not do, or wrote where they see nothing, doesn't load.
"""

from config.demo import reading
from programmes.enums import Step
from worksheets.access import Access
from worksheets.discussing import comment, resolve_thread
from worksheets.editing import save_answer
from worksheets.kinds import Cleaner
from worksheets.lifecycle import Verb, reopen, submit, withdraw
from worksheets.models import Worksheet, slot_name
from worksheets.reviewing import DECISIONS, decide, start_review
from worksheets.sheet import Sheet
from worksheets.signing import sign_opinion
from worksheets.starting import choose_opportunities, start_worksheet

MINUTES_PER_ANSWER = 3


class ToldWorksheet:
    """One worksheet as a file of the content tells it. The acts are named as there (`do`)."""

    def __init__(self, story, territory, programme, told):
        self.story, self.territory, self.programme = story, territory, programme
        self.step = Step(told["step"])
        self.about = told.get("opportunity")
        self.worksheet_ref = None
        story.plan(told["started"], self.start, by=told["by"])
        for act in told["acts"]:
            self._plan(**act)

    def _plan(self, *, when, do, by, answers=None, **told):
        if do == "write":
            for n, (name, value) in enumerate(answers.items()):
                later = n * MINUTES_PER_ANSWER
                self.story.plan(when, self.write, minutes_later=later, by=by, name=name, told=value)
        elif do in DECISIONS:
            self.story.plan(when, self.decide, by=by, verb=Verb(do), **told)
        else:
            self.story.plan(when, getattr(self, do), by=by, **told)

    def start(self, *, by):
        worksheet = start_worksheet(
            territory=self.territory,
            programme=self.programme,
            step=self.step,
            opportunity=self.story.opportunities[self.about] if self.about else None,
            by=self.story.people[by],
        )
        self.worksheet_ref = worksheet.ref

    def choose(self, *, by, opportunities):
        access = self._access(by)
        access.check_can_choose_opportunities()
        chosen = [self.story.opportunities[key] for key in opportunities]
        choose_opportunities(worksheet=access.worksheet, opportunities=chosen, by=access.user)

    def write(self, *, by, name, told):
        access = self._access(by)
        access.check_can_write()
        sheet = Sheet.draft(access)
        slot, opportunity_id = self._place(sheet, name)
        sent = reading.as_sent(
            slot.question, told, place=f"{self.worksheet_ref} {name}", today=self.story.today
        )
        save_answer(
            worksheet=access.worksheet,
            question=slot.question,
            opportunity_id=opportunity_id,
            value=Cleaner(slot.question).clean(sent),
            base_version=sheet.surroundings(slot).version,
            may_record_opinions=access.can_record_opinion,
            by=access.user,
        )

    def sign(self, *, by, opinion, remarks):
        access = self._access(by)
        access.check_can_sign_opinion()
        sign_opinion(worksheet=access.worksheet, opinion=opinion, remarks=remarks, by=access.user)

    def submit(self, *, by):
        access = self._access(by)
        access.check_can_send()
        worksheet = access.worksheet
        submit(worksheet=worksheet, by=access.user, seen_change_number=worksheet.change_number)

    def withdraw(self, *, by):
        access = self._access(by)
        access.check_can_send()
        withdraw(worksheet=access.worksheet, by=access.user)

    def review(self, *, by):
        access = self._access(by)
        access.check_can_review()
        start_review(worksheet=access.worksheet, by=access.user)

    def decide(self, *, by, verb, message, comments=()):
        access = self._access(by)
        access.check_can_review()
        sheet = Sheet.draft(access)
        decide(
            worksheet=access.worksheet,
            verb=verb,
            message=message,
            comments=[(*self._place(sheet, remark["on"]), remark["text"]) for remark in comments],
            submission_number=str(sheet.submissions[-1].number),
            by=access.user,
        )

    def reopen(self, *, by, message):
        access = self._access(by)
        access.check_can_review()
        reopen(worksheet=access.worksheet, by=access.user, message=message)

    def comment(self, *, by, on, text, reply=False):
        """Opens a thread on a question, or is a `reply` in the first that is open."""
        access = self._access(by)
        access.check_can_comment()
        sheet = Sheet.draft(access)
        slot, opportunity_id = self._place(sheet, on)
        comment(
            worksheet=access.worksheet,
            slot=slot,
            opportunity_id=opportunity_id,
            body=text,
            by=access.user,
            thread=sheet.surroundings(slot).threads[0].head if reply else None,
        )

    def resolve(self, *, by, on):
        """Closes the threads of a question."""
        access = self._access(by)
        access.check_can_comment()
        sheet = Sheet.draft(access)
        slot, _ = self._place(sheet, on)
        for thread in sheet.surroundings(slot).threads:
            resolve_thread(thread=thread.head, slot=slot, by=access.user)

    def _access(self, by):
        user = self.story.people[by]
        return Access(user, Worksheet.objects.open_to(user).get(ref=self.worksheet_ref))

    def _place(self, sheet, name):
        """(slot, row number of its opportunity or None) of "interest--garage", where "garage" is
        the story's key of an opportunity."""
        question, _, key = name.partition("--")
        opportunity = self.story.opportunities[key] if key else None
        slots = {slot.name: slot for slot in sheet.content.slots()}
        slot = slots[slot_name(question, opportunity.ref if opportunity else None)]
        return slot, opportunity.pk if opportunity else None
