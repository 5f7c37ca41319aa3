"""What we ask of django-allauth that differs from its defaults."""

from allauth.account.adapter import DefaultAccountAdapter


class AdaptateurCompte(DefaultAccountAdapter):
    """Accounts are opened by an administrator: nobody signs up alone."""

    def is_open_for_signup(self, request):
        return False
