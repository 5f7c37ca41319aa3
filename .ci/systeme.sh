#!/usr/bin/env bash
# What pip and npm cannot install: `.ci/systeme.sh make|python|execution|essais`.
#
# Looks at what is absent; installs it with apt when allowed (root, or sudo without a
# password), else says the exact command and stops. Nothing absent: says nothing.
set -euo pipefail
PATH="$PATH:/usr/sbin:/sbin"

declare -a ABSENTS=()

# programme NOM PAQUET: the package is needed when no such program is on the PATH.
programme() {
    command -v "$1" >/dev/null || ABSENTS+=("$2")
}

# bibliotheque NOM PAQUET: the same for a shared library, where they can be listed.
BIBLIOTHEQUES="$(ldconfig -p 2>/dev/null || true)"
bibliotheque() {
    [ -z "$BIBLIOTHEQUES" ] || grep -qF "$1" <<<"$BIBLIOTHEQUES" || ABSENTS+=("$2")
}

# python_convenable: print the first Python that is recent enough and can make a venv.
python_convenable() {
    local candidat
    for candidat in ${PYTHON:-} python3.11 python3 python3.12 python3.13 python3.14; do
        if "$candidat" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
            >/dev/null 2>&1; then
            command -v "$candidat"
            return
        fi
    done
    return 1
}

node_trop_ancien() {
    command -v node >/dev/null && ! node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)'
}

peut_installer() {
    command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }
}

# installer POURQUOI: install the absent packages, or say how and stop.
installer() {
    [ ${#ABSENTS[@]} -eq 0 ] && return
    local sudo=""
    if ! command -v apt-get >/dev/null; then
        echo "Absent : $1. Installez l'équivalent des paquets Debian ${ABSENTS[*]}," \
            "puis relancez." >&2
        exit 1
    fi
    if ! peut_installer; then
        echo "Absent : $1. À lancer une fois, puis recommencez :" >&2
        echo "    sudo apt-get install -y --no-install-recommends ${ABSENTS[*]}" >&2
        exit 1
    fi
    [ "$(id -u)" -eq 0 ] || sudo="sudo -n"
    echo "Installation ($1) : ${ABSENTS[*]}"
    $sudo apt-get update -qq </dev/null || echo "(liste des paquets non rafraîchie)" >&2
    $sudo env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${ABSENTS[@]}" </dev/null >/dev/null
}

case "${1:-}" in
make)
    programme make make
    installer "make"
    ;;
python)
    if ! python_convenable >/dev/null; then
        ABSENTS+=(python3 python3-venv)
        installer "Python 3.11 ou plus récent, avec venv" >&2
    fi
    if ! python_convenable; then
        echo "Aucun Python 3.11 ou plus récent, avec venv, n'a été trouvé sur cette machine :" \
            "installez-le, puis relancez avec PYTHON=/chemin/du/python3.11." >&2
        exit 1
    fi
    ;;
execution)
    programme node nodejs
    programme npm npm
    bibliotheque libpango-1.0.so.0 libpango-1.0-0 # WeasyPrint draws with Pango
    bibliotheque libpangoft2-1.0.so.0 libpangoft2-1.0-0
    bibliotheque libharfbuzz.so.0 libharfbuzz0b
    bibliotheque libharfbuzz-subset.so.0 libharfbuzz-subset0
    bibliotheque libfontconfig.so.1 libfontconfig1
    installer "ce qui produit les PDF et prépare les pages"
    if node_trop_ancien; then
        echo "Node.js $(node --version) est trop ancien : il faut la version 18 ou suivante." >&2
        exit 1
    fi
    ;;
essais)
    programme "${CHROMIUM:-chromium}" chromium
    bibliotheque libatomic.so.1 libatomic1 # the driver of Playwright
    programme pdftotext poppler-utils
    programme java default-jre-headless # veraPDF judges our PDF/A and PDF/UA files…
    [ -e /usr/share/java/jaxb-runtime.jar ] || ABSENTS+=(libjaxb-java) # …and reads its rules so
    .venv/bin/python .ci/avec_postgres.py --possible || ABSENTS+=(postgresql)
    if [ "${ABSENTS[*]}" = postgresql ] && ! peut_installer; then
        ABSENTS=() # avec_postgres.py will say that the suite runs on SQLite alone
    fi
    installer "ce qui lance les essais"
    ;;
*)
    echo "usage : .ci/systeme.sh make|python|execution|essais" >&2
    exit 2
    ;;
esac
