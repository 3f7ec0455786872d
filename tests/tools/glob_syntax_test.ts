import { assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { compileGlob, escapeGlob } from "../../lib/tools/_glob.ts";
import { judge, parseIgnoreFile, parseIgnoreLine } from "../../lib/tools/_ignore_rules.ts";

Deno.test("compileGlob() keeps * and ? within a component, ** spans them", () => {
  const table: [string, string[], string[]][] = [
    ["*.ts", ["a.ts", ".ts"], ["a/b.ts", "a.tsx"]],
    ["a?c", ["abc", "a😀c"], ["a/c", "ac"]],
    ["**/x", ["x", "a/x", "a/b/x"], ["ax"]],
    ["a/**", ["a/b", "a/b/c"], ["a", "ab/c"]],
    ["a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["a/xb"]],
    ["a**b", ["ab", "axxb"], ["a/b"]],
    ["[a-cx]", ["b", "x"], ["d", "-"]],
    ["[!a-c]", ["d"], ["b"]],
    ["[]]", ["]"], ["a"]],
    ["{a,b/c}.{x,y}", ["a.x", "b/c.y"], ["c.x"]],
    ["\\*", ["*"], ["a"]],
    ["**", ["a", "a/b"], []],
  ];
  for (const [glob, matching, others] of table) {
    const matches = compileGlob(glob);
    assertEquals(matching.filter(matches), matching, glob);
    assertEquals(others.filter(matches), [], glob);
  }
});

Deno.test("compileGlob() refuses what is no glob, and braces without end", () => {
  for (const glob of ["[", "[a", "{a", "a}", "[b-a]", "a\\", "{a,b}".repeat(12)]) {
    assertThrows(() => compileGlob(glob), SyntaxError);
  }
});

Deno.test("compileGlob() takes no exponential time", () => {
  // With backtracking either of these would not end.
  const name = compileGlob("*a".repeat(100) + "b");
  assertEquals(name("a".repeat(3000)), false);
  const path = compileGlob("**/a/".repeat(100) + "b");
  assertEquals(path("a/".repeat(1500) + "a"), false);
});

Deno.test("escapeGlob() makes a glob that matches its path and nothing else", () => {
  const name = fc.string({ minLength: 1, unit: fc.constantFrom(..."a*?[]{}!,\\ #-") });
  fc.assert(fc.property(name, name, (path, other) => {
    const matches = compileGlob(escapeGlob(path));
    assertEquals(matches(path), true);
    assertEquals(matches(other), other === path);
  }));
});

Deno.test("parseIgnoreFile() reads the grammar of ignore files", () => {
  const rules = parseIgnoreFile(
    "\ufeff# comment\r\n\n*.log\n!keep.log\n/top\nfolder/\ndocs/*.tmp\n\\#odd\n\\!bang\n[\nblank   \n",
  );
  const table: [string, boolean, ReturnType<typeof judge>][] = [
    ["a.log", false, "ignore"],
    ["x/a.log", false, "ignore"],
    ["x/keep.log", false, "keep"],
    ["top", false, "ignore"],
    ["x/top", false, undefined],
    ["folder", true, "ignore"],
    ["x/folder", true, "ignore"],
    ["folder", false, undefined],
    ["docs/a.tmp", false, "ignore"],
    ["x/docs/a.tmp", false, undefined],
    ["#odd", false, "ignore"],
    ["!bang", false, "ignore"],
    ["blank", false, "ignore"],
    ["comment", false, undefined],
  ];
  for (const [path, isFolder, verdict] of table) {
    assertEquals(judge(rules, path, isFolder), verdict, path);
  }
  assertEquals(rules.length, 8);
  assertEquals(parseIgnoreLine("# comment"), undefined);
});
