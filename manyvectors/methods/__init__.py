"""The methods: they take counts and answer with numbers, and know no state, no year and no file."""
