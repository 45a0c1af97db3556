"""The knowledge of the genre: extractors that turn a Document and its mentions into claims."""
