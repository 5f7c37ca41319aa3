"""Who signs in, and as what."""

from importlib import import_module

from django.apps import AppConfig


class ComptesConfig(AppConfig):
    name = "dla_portal.comptes"
    label = "comptes"
    verbose_name = "Comptes et rattachements"

    def ready(self):
        from allauth.account.signals import user_logged_in

        from dla_portal.socle import compteurs

        import_module("dla_portal.comptes.demonstration")  # registers its part

        def entrer(request, **_):
            compteurs.ouvrir(request.session)

        user_logged_in.connect(entrer, dispatch_uid="compteurs", weak=False)
