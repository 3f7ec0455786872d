/** @module */

/**
 * The first key that a table of a valid TOML text gives twice, `undefined` when none does. TOML
 * forbids it; the parser takes the last one and says nothing.
 */
export function repeatedTomlKey(text: string): string | undefined {
  const seen = new Set<string>();
  let table = "";
  let closer: string | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    if (closer !== undefined) {
      if (line.includes(closer)) closer = undefined;
      continue;
    }
    const header = /^\s*(\[+)([^[\]]*)\]/.exec(line);
    // Tables of a list have one name and are different tables.
    if (header) table = header[1] === "[" ? tableName(header[2] ?? "") : `${index}`;
    const [, key, value = ""] = /^\s*([\w.-]+|"[^"]*"|'[^']*')\s*=\s*(.*)$/.exec(line) ?? [];
    if (key === undefined) continue;
    const name = table === "" ? tableName(key) : `${table}.${tableName(key)}`;
    if (seen.has(name)) return name;
    seen.add(name);
    const quotes = /^(?:"""|''')/.exec(value)?.[0];
    if (quotes !== undefined && !value.slice(3).includes(quotes)) closer = quotes;
  }
  return undefined;
}

function tableName(written: string): string {
  return written.replace(/\s|["']/g, "");
}
