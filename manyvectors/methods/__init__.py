"""The methods: they answer with numbers, and know no state, year or file; tables come with a corpus, handed in."""
