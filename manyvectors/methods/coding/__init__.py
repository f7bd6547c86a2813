"""Reading the words: mentions listed, shown without state, person and year, and the codes that readers give them."""
