"""Doing the same thing at the same moment, from several threads with connections of their own."""

import threading

from django.db import connection


def ensemble(gestes):
    """Run callables together; return what each gave: its result, or the exception it raised."""
    depart, rendus = threading.Barrier(len(gestes)), [None] * len(gestes)

    def courir(rang, geste):
        depart.wait()
        try:
            rendus[rang] = geste()
        except Exception as erreur:  # noqa: BLE001 - the caller judges what was raised
            rendus[rang] = erreur
        finally:
            connection.close()

    fils = [threading.Thread(target=courir, args=paire) for paire in enumerate(gestes)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    return rendus
