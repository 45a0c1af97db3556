"""What pictures are made of: queries over the whole graph or over many given entities, not part of the library."""
