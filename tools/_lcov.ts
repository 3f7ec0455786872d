/** @module */

/** How many of a file's lines with code were run. */
export interface FileCoverage {
  path: string;
  lines: number;
  hit: number;
}

/** Reads the line counts of an LCOV report; a file that comes twice keeps its best count. */
export function parseLcov(report: string): FileCoverage[] {
  const files = new Map<string, FileCoverage>();
  let current: FileCoverage = { path: "", lines: 0, hit: 0 };
  for (const line of report.split("\n")) {
    const value = line.slice(line.indexOf(":") + 1);
    if (line.startsWith("SF:")) current = { path: value, lines: 0, hit: 0 };
    else if (line.startsWith("LF:")) current.lines = Number(value);
    else if (line.startsWith("LH:")) current.hit = Number(value);
    else if (line === "end_of_record") {
      const known = files.get(current.path);
      if (known === undefined || known.hit < current.hit) files.set(current.path, current);
    }
  }
  return [...files.values()];
}

/** Percentage of the lines that were run; 0 when there are none, since then nothing was measured. */
export function percentOf(files: readonly FileCoverage[]): number {
  let lines = 0;
  let hit = 0;
  for (const file of files) {
    lines += file.lines;
    hit += file.hit;
  }
  return lines === 0 ? 0 : 100 * hit / lines;
}
