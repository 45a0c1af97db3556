"use strict";
// The table of the report of a build: a row for each file.

const TABLES = {
  files: {
    names: (row) => [row[0], row[2], row[7]].join("\n"),
    columns: [
      { key: "file", show: (row) => row[0] },
      { key: "state", show: (row) => sayOf("states", row[1]) },
      { key: "facts", number: true, show: (row) => row[3] },
      { key: "figures", number: true, show: (row) => row[4] },
      { key: "issues", number: true, show: (row) => row[5] },
      { key: "seconds", number: true, show: (row) => row[6] },
      { key: "cause", wide: true, show: (row) => row[7] },
    ],
    picks: { state: (row) => row[1] },
    words: { state: "states" },
  },
};
