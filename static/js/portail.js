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
  const mesurer = new ResizeObserver((entrees) => {
    for (const { target: cadre } of entrees) {
      cadre.classList.remove("deborde");
      const deborde = cadre.scrollWidth > cadre.clientWidth + 1;
      cadre.classList.toggle("deborde", deborde);
      if (!deborde) {
        for (const nom of ["tabindex", "role", "aria-label"]) cadre.removeAttribute(nom);
        continue;
      }
      const legende = cadre.querySelector("caption");
      cadre.tabIndex = 0;
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
  document.querySelectorAll(".tableau-cadre").forEach((cadre) => mesurer.observe(cadre));

  for (const bouton of document.querySelectorAll("[data-imprimer]")) {
    bouton.hidden = false;
    bouton.addEventListener("click", () => window.print());
  }
})();
