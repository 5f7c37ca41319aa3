"""Reference rows sown after each migration: terms, grids, marks, the national trame."""

from django.db.models.signals import post_migrate


def apres_migration(config, semer):
    """Call `semer()` after the migrations of an app have gone forward.

    Gone back, its tables may be those of another age: nothing is sown.
    """

    def recevoir(*, plan=(), **_):
        if not any(en_arriere for _, en_arriere in plan):
            semer()

    post_migrate.connect(recevoir, sender=config, dispatch_uid=semer.__module__, weak=False)
