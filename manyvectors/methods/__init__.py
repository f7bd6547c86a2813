"""The methods: they answer with numbers, and know no state, no year and no file; tables come with a corpus, handed in."""
