/** `Glob`, `Grep` and `Read` over files in memory, with the output formats of the real ones. */

import { globToRegExp } from "@std/path";
import type { Tool, ToolOutput } from "../../lib/engine/tool.ts";

/** Tools over a workspace at `root`: texts by relative path. */
export function workspaceTools(files: ReadonlyMap<string, string>, root = "/ws"): Tool[] {
  const paths = [...files.keys()].sort();
  const select = (glob: unknown) =>
    typeof glob === "string" ? paths.filter((path) => matches(glob, path)) : paths;
  return [
    fake("Glob", ({ pattern }) => {
      const found = select(pattern);
      if (found.length === 0) return { summary: `No files found matching ${pattern}` };
      const shown = found.slice(0, 1000).map((path) => `${root}/${path}`).join("\n");
      const summary = found.length > 1000
        ? `Found ${found.length}+ files matching ${pattern} (truncated to 1000)`
        : `Found ${found.length} file(s) matching ${pattern}`;
      return { summary, content: shown };
    }),
    fake("Grep", (input) => {
      const wanted = new RegExp(String(input.pattern), input["-i"] === true ? "iu" : "u");
      const limit = Number(input.head_limit ?? 250);
      const lines: string[] = [];
      for (const path of select(input.glob)) {
        for (const [index, line] of (files.get(path) ?? "").split("\n").entries()) {
          if (wanted.test(line)) lines.push(`${root}/${path}:${index + 1}:${line}`);
        }
      }
      if (lines.length === 0) return { summary: "No matches" };
      const suffix = lines.length > limit ? ` (truncated at ${limit})` : "";
      return {
        summary: `${Math.min(lines.length, limit)} matching line(s) in some files${suffix}`,
        content: lines.slice(0, limit).join("\n"),
      };
    }),
    fake("Read", ({ file_path, offset = 0, limit = 2000 }) => {
      const text = files.get(String(file_path).slice(root.length + 1));
      if (text === undefined) throw new Error(`no such file: ${file_path}`);
      const all = text.replace(/\n$/, "").split("\n");
      const shown = all.slice(Number(offset), Number(offset) + Number(limit));
      return {
        summary: `Read ${shown.length} line(s) from ${file_path}`,
        content: shown.map((line, index) =>
          `${String(Number(offset) + index + 1).padStart(6)}\t${line}\n`
        ).join(""),
      };
    }),
  ];
}

/** As ripgrep has it: a pattern without a slash matches at any depth. */
function matches(glob: string, path: string): boolean {
  const anchored = glob.includes("/") ? glob : `**/${glob}`;
  return globToRegExp(anchored, { extended: true, globstar: true, os: "linux" }).test(path);
}

function fake(name: string, execute: (input: Record<string, unknown>) => ToolOutput): Tool {
  return {
    name,
    description: name,
    inputSchema: { type: "object" },
    execute: (input) => Promise.resolve().then(() => execute(input)),
  };
}
