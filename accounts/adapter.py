from allauth.account.adapter import DefaultAccountAdapter


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Accounts come by invitation: nobody signs up alone."""

    def is_open_for_signup(self, request):
        return False
