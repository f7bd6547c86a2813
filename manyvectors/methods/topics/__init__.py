"""Topics, a room for each question: the model, its terms, coherence, stability, how many, noise, labels, a grid, how
much of each and when."""
