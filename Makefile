# Portail DLA: `make` alone lists what can be asked. Settings: docs/exploitation.md.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := aide
.ONESHELL:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

PORT ?= 8000
PROCESSUS ?= 2
OPTIONS ?=

BIN := .venv/bin
FAIT := .venv/fait
DONNEES := .donnees
DEMO := $(DONNEES)/fait

# Both environments start empty: nothing set in the shell reaches them.
VIDE := env -i PATH="$$PATH" HOME="$${HOME:-/}" LANG=C.UTF-8
EN_DEMONSTRATION = $(VIDE) DEMONSTRATION=1 DEBUG=0 SECRET_KEY="$$(cat $(DONNEES)/cle)" \
	SITE_URL=http://127.0.0.1:$(PORT) DONNEES_DIR=$(CURDIR)/$(DONNEES) \
	EMAIL_BACKEND=django.core.mail.backends.dummy.EmailBackend
HASARD = $(BIN)/python -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'
EN_PRODUCTION = $(VIDE) SECRET_KEY="$$($(HASARD))$$($(HASARD))" CLES_SCELLES="$$($(HASARD))" \
	SITE_URL=https://portail.exemple.fr ALLOWED_HOSTS=portail.exemple.fr PROXIES=1 \
	DATABASE_URL=postgresql://portail@base.exemple.fr/portail
EN_MEMOIRE = $(VIDE) SECRET_KEY="$$($(HASARD))" DATABASE_URL=sqlite://:memory:

STYLES := $(shell find static/css static/js static/images -type f 2>/dev/null)
GABARITS = $$(find templates -name '*.html')
CODE = $$(find dla_portal prestataires accompagnements pilotage tests -name '*.py')
MIGRATIONS := $(wildcard */migrations/*.py dla_portal/*/migrations/*.py) \
	$(wildcard */nomenclatures.py */*/nomenclatures.py)
TERRITOIRES := $(wildcard dla_portal/territoires/donnees/*)

.PHONY: aide install run demo-neuve test verifications essais-sqlite essais-postgres format verrous

aide: ## montre cette liste
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/make \1\t\2/p' Makefile | expand -t 24

# --- Installation ---------------------------------------------------------------------------
# A stamp in .venv/fait says that a step is done, until one of the files it read changes.

install: $(FAIT)/pages ## installe tout ce qu'il faut pour lancer le portail
	@:

$(BIN)/python:
	@python="$$(.ci/systeme.sh python)"
	echo "Environnement Python : $$("$$python" --version)"
	"$$python" -m venv --clear .venv

$(FAIT)/systeme: .ci/systeme.sh | $(BIN)/python
	@.ci/systeme.sh execution
	mkdir -p $(FAIT)
	touch $@

# uv installs four times faster than pip; pip installs uv, with the same hash check.
$(FAIT)/python: requirements-dev.lock $(FAIT)/systeme
	@echo "Installation des paquets Python"
	if ! $(BIN)/uv --version >/dev/null 2>&1; then
		sed -n '/^uv==/,/# via/p' requirements-dev.lock >.venv/uv.lock
		$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r .venv/uv.lock
	fi
	VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip sync --quiet --require-hashes requirements-dev.lock
	touch $@

$(FAIT)/npm: static/package.json static/package-lock.json static/.npmrc $(FAIT)/systeme
	@echo "Installation des paquets des pages"
	cd static
	npm ci --silent --no-audit --no-fund --no-progress
	touch ../$@

$(FAIT)/pages: static/vendoriser.mjs static/icones/liste.txt $(FAIT)/npm $(FAIT)/python
	@cd static
	npm run --silent vendoriser
	touch ../$@

# --- Demonstration --------------------------------------------------------------------------

run: $(DEMO)/demonstration $(DEMO)/static ## lance la démonstration sur http://127.0.0.1:8000 (PORT=…)
	@if [ -n "$${DATABASE_URL:-}" ]; then
		echo "DATABASE_URL est laissée de côté : la démonstration a sa propre base ($(DONNEES)/)."
	fi
	$(BIN)/python -c 'import socket; socket.create_server(("127.0.0.1", $(PORT)))' 2>/dev/null || {
		echo "Le port $(PORT) est déjà pris : PORT=8001 make run" >&2
		exit 1
	}
	echo
	$(EN_DEMONSTRATION) $(BIN)/python manage.py comptes_demonstration
	echo
	echo "Portail DLA : http://127.0.0.1:$(PORT)/   (Ctrl-C pour arrêter)"
	exec $(EN_DEMONSTRATION) $(BIN)/gunicorn dla_portal.wsgi --bind 127.0.0.1:$(PORT) \
		--worker-class gthread --workers 2 --threads 4 --no-control-socket --log-level warning

demo-neuve: ## efface la démonstration et la recommence
	@if [ -n "$${DATABASE_URL:-}" ]; then
		echo "DATABASE_URL est réglée : demo-neuve n'efface que la démonstration embarquée." >&2
		echo "Retirez-la d'abord : unset DATABASE_URL" >&2
		exit 1
	fi
	rm -rf ./$(DONNEES)
	$(MAKE) --no-print-directory run

$(DONNEES)/cle: | $(FAIT)/python
	@mkdir -p $(DEMO)
	(umask 077 && echo "$$($(HASARD))$$($(HASARD))" >$@)

$(DEMO)/migrations: $(MIGRATIONS) $(FAIT)/python | $(DONNEES)/cle
	@echo "Préparation de la base"
	$(EN_DEMONSTRATION) $(BIN)/python manage.py migrate --verbosity 0
	touch $@

$(DEMO)/territoires: $(TERRITOIRES) $(DEMO)/migrations
	@$(EN_DEMONSTRATION) $(BIN)/python manage.py charger_territoires
	touch $@

$(DEMO)/demonstration: $(DEMO)/territoires $(FAIT)/pages # its documents need their fonts
	@$(EN_DEMONSTRATION) $(BIN)/python manage.py demonstration --si-vide
	touch $@

$(DEMO)/static: $(STYLES) $(FAIT)/pages | $(DONNEES)/cle
	@$(EN_DEMONSTRATION) $(BIN)/python manage.py collectstatic --noinput --verbosity 0
	touch $@

# --- Tests ----------------------------------------------------------------------------------

# What does not depend on the database (marked `une_base`) is not played a second time.
test: SANS_REJEU = -m "not une_base"
test: install $(FAIT)/essais verifications essais-sqlite essais-postgres ## vérifie tout, sur SQLite puis sur PostgreSQL

$(FAIT)/essais: .ci/systeme.sh $(FAIT)/python
	@.ci/systeme.sh essais
	touch $@

verifications: install ## vérifie l'écriture du code, les migrations et les réglages de production
	@$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djade --check --target-version 5.2 $(GABARITS)
	$(BIN)/django-upgrade --target-version 5.2 --check $(CODE)
	$(EN_MEMOIRE) $(BIN)/python manage.py makemigrations --check --dry-run
	$(EN_PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

essais-sqlite: install $(FAIT)/essais ## lance les essais sur SQLite (OPTIONS="-k …" pour en choisir)
	@echo "SQLite : un fichier, effacé après les essais."
	env -u DATABASE_URL_TEST $(BIN)/python -m pytest -n $(PROCESSUS) $(OPTIONS)

essais-postgres: install $(FAIT)/essais ## lance les essais sur PostgreSQL
	@$(BIN)/python .ci/avec_postgres.py $(BIN)/python -m pytest -n $(PROCESSUS) $(SANS_REJEU) $(OPTIONS)

# --- Upkeep ---------------------------------------------------------------------------------

format: $(FAIT)/python ## met le code et les gabarits en forme
	@$(BIN)/django-upgrade --target-version 5.2 --exit-zero-even-if-changed $(CODE)
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .
	$(BIN)/djade --target-version 5.2 $(GABARITS)

verrous: $(FAIT)/python ## refait les verrous depuis pyproject.toml (OPTIONS=--upgrade pour monter les versions)
	@compiler="$(BIN)/uv pip compile pyproject.toml --quiet --generate-hashes --no-header"
	compiler="$$compiler --python-version 3.11 $(OPTIONS)"
	$$compiler --output-file requirements.lock
	$$compiler --extra dev --constraint requirements.lock --output-file requirements-dev.lock
