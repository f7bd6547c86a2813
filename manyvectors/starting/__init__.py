"""A study of one's own, begun from the world's tables: a folder with all that is asked for, to be made better."""
