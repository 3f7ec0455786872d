import { assertEquals, assertThrows } from "@std/assert";
import { parseScopeFlag } from "../../lib/scope/scope_flag.ts";
import { ScopeError } from "../../lib/scope/scope_error.ts";

Deno.test("parseScopeFlag() reads path and permission; a bare path is for writing", () => {
  const table: [string, string, "read" | "write"][] = [
    ["/abs", "/abs", "write"],
    ["/abs:read", "/abs", "read"],
    ["/abs:write", "/abs", "write"],
    ["docs:read", "/work/docs", "read"],
    [".", "/work", "write"],
    ["../x", "/x", "write"],
    ["/odd:name", "/odd:name", "write"],
    ["/odd:name:read", "/odd:name", "read"],
    ["/a\nb", "/a\nb", "write"],
  ];
  for (const [flag, target, permission] of table) {
    assertEquals(parseScopeFlag(flag, "/work"), { target, permission, recursive: true });
  }
});

Deno.test("parseScopeFlag() refuses a flag without a path", () => {
  for (const flag of ["", ":read", ":write", "a\0b"]) {
    assertThrows(() => parseScopeFlag(flag, "/work"), ScopeError, "PATH:read");
  }
});
