"""Convention tripartite: checks, document, three dated signatures."""
