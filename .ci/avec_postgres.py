"""Run a command with DATABASE_URL_TEST pointing to a PostgreSQL, wherever it can be had.

    avec_postgres.py COMMAND…     find or start one, run the command, stop what was started
    avec_postgres.py --possible   succeed when one could be had, without starting anything

Looked for in this order: the server of DATABASE_URL_TEST; a server that answers on
127.0.0.1 (PGPORT or 5432) and lets us create databases; a private cluster made for the run
from the server programs of this machine. When there is none, say so in one line: a failure
in continuous integration (CI is set), a success elsewhere.
"""

import contextlib
import getpass
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import psycopg2

VERSION_MINIMALE = 140000  # the oldest PostgreSQL that Django 5.2 accepts
PORT = "5432"
ATTENTE = 30  # seconds given to a private cluster to answer


def accepte(**connexion):
    """Tell whether this server answers and lets us create the databases of the tests."""
    try:
        lien = psycopg2.connect(dbname="postgres", connect_timeout=3, **connexion)
    except psycopg2.OperationalError:
        return False
    with contextlib.closing(lien), lien.cursor() as curseur:
        curseur.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        return lien.server_version >= VERSION_MINIMALE and curseur.fetchone()[0]


def url(utilisateur, hote, port):
    """Return the address of a database named after this run: two runs never share one."""
    return f"postgresql://{quote(utilisateur)}@{quote(hote, safe='')}:{port}/dla_{os.getpid()}"


def serveur_local():
    """Return the address on the server of this machine, or None."""
    port = os.environ.get("PGPORT", PORT)
    for utilisateur in dict.fromkeys([os.environ.get("PGUSER"), getpass.getuser(), "postgres"]):
        if utilisateur and accepte(host="127.0.0.1", port=port, user=utilisateur):
            return url(utilisateur, "127.0.0.1", port)
    return None


def programmes():
    """Return the folder of the newest PostgreSQL server programs of this machine, or None."""
    dossiers = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda dossier: float(dossier.parent.name),
        reverse=True,
    )
    if trouve := shutil.which("initdb"):
        dossiers.append(Path(trouve).resolve().parent)
    return next((d for d in dossiers if (d / "initdb").exists()), None)


def sans_privilege():
    """Return how to leave root, which PostgreSQL refuses: the arguments of a subprocess."""
    if os.getuid() != 0:
        return {}
    comptes = {compte.pw_name: compte for compte in pwd.getpwall()}
    compte = comptes.get("postgres") or comptes["nobody"]
    return {"user": compte.pw_uid, "group": compte.pw_gid, "extra_groups": []}


@contextlib.contextmanager
def grappe_privee(binaires):
    """Start a cluster reachable by a socket only, yield its address, then leave no trace."""
    dossier = Path(tempfile.mkdtemp(prefix="dla-pg-", dir="/tmp"))
    identite, serveur = sans_privilege(), None
    try:
        if identite:
            os.chown(dossier, identite["user"], identite["group"])
        commun = {**identite, "cwd": dossier, "stdin": subprocess.DEVNULL}
        initdb = [binaires / "initdb", "-D", dossier / "d", "-U", "postgres", "-A", "trust"]
        subprocess.run(
            [*initdb, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            check=True,
            stdout=subprocess.DEVNULL,
            **commun,
        )
        options = {
            "listen_addresses": "",
            "unix_socket_directories": dossier,
            "port": PORT,
            "fsync": "off",
        }
        serveur = subprocess.Popen(
            [binaires / "postgres", "-D", dossier / "d"]
            + [f"--{nom}={valeur}" for nom, valeur in options.items()],
            stdout=subprocess.DEVNULL,
            stderr=(dossier / "journal").open("w"),
            start_new_session=True,  # Ctrl-C is for the tests; the cluster stops after them
            **commun,
        )
        limite = time.monotonic() + ATTENTE
        while not accepte(host=str(dossier), port=PORT, user="postgres"):
            if serveur.poll() is not None or time.monotonic() > limite:
                raise RuntimeError((dossier / "journal").read_text())
            time.sleep(0.1)
        yield url("postgres", str(dossier), PORT)
    finally:
        if serveur:
            serveur.send_signal(signal.SIGINT)  # fast shutdown
            serveur.wait(ATTENTE)
        shutil.rmtree(dossier, ignore_errors=True)


@contextlib.contextmanager
def base():
    """Yield (address, where it comes from), or (None, why there is none)."""
    if adresse := os.environ.get("DATABASE_URL_TEST"):
        yield adresse, "celui de DATABASE_URL_TEST"
    elif adresse := serveur_local():
        yield adresse, "le serveur de cette machine"
    elif binaires := programmes():
        with grappe_privee(binaires) as adresse:
            yield adresse, "une grappe privée, arrêtée après les essais"
    else:
        yield None, "ni DATABASE_URL_TEST, ni serveur sur 127.0.0.1, ni programmes du serveur"


def lancer(commande):
    """Run the command with the database found; return the exit code."""
    with base() as (adresse, provenance):
        if adresse is None:
            print(f"PostgreSQL : essais non faits, aucun serveur ({provenance}).", flush=True)
            return 1 if os.environ.get("CI") else 0
        print(f"PostgreSQL : {provenance}.", flush=True)
        return subprocess.run(
            commande, env={**os.environ, "DATABASE_URL_TEST": adresse}, check=False
        ).returncode


def main():
    # A stop request must go through the `finally` that stops the cluster.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C ends the command, which ends us
    if sys.argv[1:] == ["--possible"]:
        return 0 if os.environ.get("DATABASE_URL_TEST") or programmes() or serveur_local() else 1
    return lancer(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
