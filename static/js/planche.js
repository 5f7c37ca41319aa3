/* The board by keyboard, and found again as it was left. Without this file every link is reached
   with Tab, a link skips each column, and the address keeps the filters and the folded columns. */
(function () {
  "use strict";

  const planche = document.querySelector("[data-planche]");
  if (!planche) return;
  const CLE = "planche";
  const colonnes = [...planche.querySelectorAll("[data-colonne]")];

  /** What the arrows walk through in a column: its cards, or the link which unfolds it. */
  function arrets(colonne) {
    const cartes = [...colonne.querySelectorAll("[data-carte]")];
    return cartes.length ? cartes : [...colonne.querySelectorAll("[data-pli]")];
  }

  // One card of each column is a stop of Tab; the arrows choose which. Its gesture follows it.
  function choisir(arret) {
    const colonne = arret.closest("[data-colonne]");
    for (const autre of colonne.querySelectorAll(".carte a")) {
      autre.tabIndex = arret.closest(".carte") === autre.closest(".carte") ? 0 : -1;
    }
  }

  function aller(arret) {
    if (!arret) return;
    if (arret.matches("[data-carte]")) choisir(arret);
    arret.focus();
    arret.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function voisine(colonne, pas) {
    const rang = colonnes.indexOf(colonne);
    const suite = pas > 0 ? colonnes.slice(rang + 1) : colonnes.slice(0, rang).reverse();
    return suite.find((autre) => arrets(autre).length);
  }

  for (const colonne of colonnes) {
    const cartes = colonne.querySelectorAll("[data-carte]");
    if (cartes.length) choisir(cartes[0]);
  }
  // Arrows take the place of the links which skip a column.
  for (const saut of planche.querySelectorAll("[data-saut]")) saut.hidden = true;
  const aide = document.querySelector("[data-aide]");
  if (aide) aide.hidden = false;

  planche.addEventListener("focusin", (evenement) => {
    if (evenement.target.closest(".carte")) choisir(evenement.target);
  });

  planche.addEventListener("keydown", (evenement) => {
    if (evenement.ctrlKey || evenement.metaKey || evenement.altKey || evenement.shiftKey) return;
    const colonne = evenement.target.closest("[data-colonne]");
    if (!colonne) return;
    const liste = arrets(colonne);
    const carte = evenement.target.closest(".carte");
    const rang = liste.findIndex((arret) => (carte ? carte.contains(arret) : arret === evenement.target));
    const cote = (pas) => {
      const autre = voisine(colonne, pas);
      if (!autre) return null;
      const la = arrets(autre);
      return la[Math.min(Math.max(rang, 0), la.length - 1)];
    };
    const cibles = {
      ArrowDown: () => liste[rang + 1],
      ArrowUp: () => liste[rang - 1],
      ArrowRight: () => cote(1),
      ArrowLeft: () => cote(-1),
      Home: () => liste[0],
      End: () => liste[liste.length - 1],
    };
    if (!(evenement.key in cibles)) return;
    evenement.preventDefault();
    aller(cibles[evenement.key]());
  });

  // Where one was: kept when leaving, given back when coming back or after folding a column.
  function lire() {
    try {
      return JSON.parse(sessionStorage.getItem(CLE)) || {};
    } catch {
      return {};
    }
  }

  function garder(pli) {
    const actif = document.activeElement;
    const place = {
      adresse: window.location.search,
      focus: planche.contains(actif) ? actif.id : "",
      gauche: planche.scrollLeft,
      haut: window.scrollY,
      pli,
    };
    try {
      sessionStorage.setItem(CLE, JSON.stringify(place));
    } catch {
      /* Storage is refused: the board opens at its beginning. */
    }
  }

  let pli = false;
  planche.addEventListener("click", (evenement) => {
    pli = Boolean(evenement.target.closest("[data-pli]"));
    const lien = evenement.target.closest(".carte a");
    if (lien) choisir(lien);
  });
  window.addEventListener("pagehide", () => garder(pli));

  const navigation = performance.getEntriesByType("navigation")[0];
  const place = lire();
  const revient = navigation && navigation.type === "back_forward" && place.adresse === window.location.search;
  if (place.pli || revient) {
    planche.scrollLeft = place.gauche;
    const focus = place.focus && document.getElementById(place.focus);
    if (focus) {
      if (focus.matches("[data-carte]")) choisir(focus);
      focus.focus({ preventScroll: true });
    }
    window.scrollTo(0, place.haut);
  }
})();
