/* What JavaScript adds to pages that already work without it. No inline handler, no dependency. */
(function () {
  "use strict";

  const CLE_RACCOURCIS = "raccourcis";
  const dialogue = document.getElementById("raccourcis");
  const reglage = document.getElementById("raccourcis-actifs");

  /** Say whether the one-key shortcuts are on: each person may turn them off on her device. */
  function raccourcisActifs() {
    try {
      return localStorage.getItem(CLE_RACCOURCIS) !== "non";
    } catch {
      return true;
    }
  }

  function enSaisie(element) {
    return element.isContentEditable || /^(input|textarea|select)$/i.test(element.tagName);
  }

  function ouvrirRaccourcis() {
    if (!dialogue) return;
    reglage.checked = raccourcisActifs();
    dialogue.showModal();
  }

  if (dialogue) {
    reglage.addEventListener("change", () => {
      try {
        localStorage.setItem(CLE_RACCOURCIS, reglage.checked ? "oui" : "non");
      } catch {
        reglage.checked = true;
      }
    });
    for (const bouton of document.querySelectorAll("[data-raccourcis]")) {
      bouton.hidden = false;
      bouton.addEventListener("click", ouvrirRaccourcis);
    }
  }

  // Keys: `/` searches, `?` lists the shortcuts, `n` opens a new request, Escape closes menus.
  document.addEventListener("keydown", (evenement) => {
    if (evenement.key === "Escape") return fermerMenus(null, true);
    if (evenement.ctrlKey || evenement.metaKey || evenement.altKey || enSaisie(evenement.target)) return;
    if (!raccourcisActifs() || document.querySelector("dialog[open]")) return;
    const cible = { "/": "recherche-globale", n: "nouvelle-demande" }[evenement.key];
    const element = cible && document.getElementById(cible);
    if (evenement.key === "?") {
      evenement.preventDefault();
      ouvrirRaccourcis();
    } else if (element) {
      evenement.preventDefault();
      if (element.tagName === "A") element.click();
      else element.select();
    }
  });

  /** Close the open menus, except the one that holds `sauf`; give the focus back to its summary. */
  function fermerMenus(sauf, rendreLeFocus) {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (sauf && menu.contains(sauf)) continue;
      const dedans = menu.contains(document.activeElement);
      menu.open = false;
      if (rendreLeFocus && dedans) menu.querySelector("summary").focus();
    }
  }
  document.addEventListener("click", (evenement) => fermerMenus(evenement.target, false));
  document.addEventListener("focusin", (evenement) => fermerMenus(evenement.target, false));

  // A table row opens what its link opens, unless text is being selected.
  document.addEventListener("click", (evenement) => {
    const ligne = evenement.target.closest("tr[data-href]");
    if (!ligne || evenement.target.closest("a, button, input, label, select, summary")) return;
    if (String(window.getSelection())) return;
    if (evenement.ctrlKey || evenement.metaKey) window.open(ligne.dataset.href, "_blank", "noopener");
    else window.location.assign(ligne.dataset.href);
  });

  // Selection: the bar comes when a row is ticked, says how many, and one box ticks the page.
  for (const formulaire of document.querySelectorAll("form[data-selection]")) {
    const barre = formulaire.querySelector("[data-barre]");
    const compte = formulaire.querySelector("[data-compte]");
    const tout = formulaire.querySelector("[data-tout]");
    const page = formulaire.querySelector("[data-toute-la-page]");
    const lignes = [...formulaire.querySelectorAll("input[name=ligne]")];
    const dire = () => {
      const n = lignes.filter((ligne) => ligne.checked).length;
      const toutes = tout && tout.checked;
      for (const ligne of lignes) ligne.closest("tr").classList.toggle("choisi", ligne.checked || toutes);
      page.firstElementChild.checked = n === lignes.length;
      page.firstElementChild.indeterminate = n > 0 && n < lignes.length;
      compte.textContent = toutes ? "Toutes les lignes choisies" : `${n} ligne${n > 1 ? "s" : ""} choisie${n > 1 ? "s" : ""}`;
      barre.hidden = n === 0 && !toutes;
    };
    page.hidden = false;
    page.firstElementChild.addEventListener("change", (evenement) => {
      for (const ligne of lignes) ligne.checked = evenement.target.checked;
      if (tout && !evenement.target.checked) tout.checked = false;
      dire();
    });
    formulaire.addEventListener("change", dire);
    window.addEventListener("pageshow", dire); // going back restores the ticks
    dire();
  }

  // A form leaves once. The server refuses the second sending anyway; this avoids the wait.
  document.addEventListener("submit", (evenement) => {
    const formulaire = evenement.target;
    if (formulaire.method !== "post" || evenement.defaultPrevented || "telechargement" in formulaire.dataset) return;
    if (formulaire.dataset.envoye) {
      evenement.preventDefault();
      return;
    }
    formulaire.dataset.envoye = "oui";
    if (evenement.submitter) evenement.submitter.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const formulaire of document.querySelectorAll("form[data-envoye]")) {
      delete formulaire.dataset.envoye;
      formulaire.querySelectorAll("[aria-busy]").forEach((bouton) => bouton.removeAttribute("aria-busy"));
    }
  });
  document.addEventListener("htmx:afterRequest", (evenement) => {
    const formulaire = evenement.target.closest && evenement.target.closest("form[data-envoye]");
    if (formulaire) delete formulaire.dataset.envoye;
  });

  // After a refusal, the reader starts at the summary of what to mend.
  const resume = document.querySelector("[data-focus]");
  if (resume) resume.focus();

  // A table wider than its place scrolls in it, also by keyboard; otherwise its header sticks.
  // `.tableau-defilant` (composants/defilant.html) is a region already, with its hint in words.
  const mesurer = new ResizeObserver((entrees) => {
    for (const { target: cadre } of entrees) {
      cadre.classList.remove("deborde");
      const deborde = cadre.scrollWidth > cadre.clientWidth + 1;
      cadre.classList.toggle("deborde", deborde);
      cadre.classList.toggle("tient", !deborde);
      if (deborde) cadre.tabIndex = 0;
      else cadre.removeAttribute("tabindex");
      if (cadre.matches(".tableau-defilant")) continue;
      if (!deborde) {
        for (const nom of ["role", "aria-label"]) cadre.removeAttribute(nom);
        continue;
      }
      const legende = cadre.querySelector("caption");
      cadre.setAttribute("role", "region");
      cadre.setAttribute("aria-label", legende ? legende.textContent.trim() : "Tableau à faire défiler");
    }
  });
  for (const table of document.querySelectorAll("main table")) {
    if (table.closest(".tableau-cadre, .tableau-defilant")) continue;
    const cadre = document.createElement("div");
    cadre.className = "tableau-cadre";
    table.replaceWith(cadre);
    cadre.append(table);
  }
  document.querySelectorAll(".tableau-cadre, .tableau-defilant").forEach((cadre) => mesurer.observe(cadre));

  for (const bouton of document.querySelectorAll("[data-imprimer]")) {
    bouton.hidden = false;
    bouton.addEventListener("click", () => window.print());
  }
})();
