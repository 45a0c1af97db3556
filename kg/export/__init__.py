"""What a home holds as files for others: tables, the graph, graph files for other tools. docs/export.md has all of it.

Facts come from the statement files as people's decisions leave them, one report at a time, so that memory does not grow
with the number of reports; names over all reports come from the index beside the store. A file is written aside and
renamed: whole, or not at all.

- ``writing``: ``export``, the one door; ``formats``: what is written how
- ``reading``: the statement files, line by line; ``filters``: which of their lines are wanted
- ``rows``, ``checks``, ``partnerships``: an object for each line of a table; ``kinds``: the tables' columns; ``known``:
  names, codes and places over all reports
- ``cells``, ``text_tables``, ``xlsx``, ``sqlite``, ``parquet``: tables as files
- ``property_graph``: entities and statements as nodes and edges; ``xml_graphs``, ``neo4j``, ``geojson``: as files
- ``rdf``: the graph itself
"""

from kg.export.cells import harmless_cell, write_csv_rows

__all__ = ["harmless_cell", "write_csv_rows"]
