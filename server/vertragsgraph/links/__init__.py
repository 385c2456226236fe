"""Links to other registers: Wikidata, authority files, thesauri; looking them up, finding, checking and exporting them."""
