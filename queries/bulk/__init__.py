"""What pictures and exports read in bulk: queries over the whole graph, not part of the library."""
