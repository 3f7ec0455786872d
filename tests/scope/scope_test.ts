import { assertEquals, assertRejects } from "@std/assert";
import * as fc from "fast-check";
import { type Access, isWithin, Scope, type ScopeRuleInput } from "../../lib/scope/scope.ts";
import { ScopeError } from "../../lib/scope/scope_error.ts";
import { TempFolder } from "./_temp_folder.ts";

/** Takes every path as it is, so that tables need no files. */
const asGiven = { realPath: (path: string) => Promise.resolve(path) };

Deno.test("Scope.permissionAt() lets a recursive rule reach everything below, by whole components", async () => {
  const scope = await Scope.open({ allow: [{ target: "/a/b", permission: "write" }] }, asGiven);
  const table: [string, Access][] = [
    ["/a/b", "write"],
    ["/a/b/c", "write"],
    ["/a/b/c/d", "write"],
    ["/a/bc", "none"],
    ["/a", "none"],
    ["/", "none"],
    ["a/b", "none"],
  ];
  for (const [path, access] of table) assertEquals(await scope.permissionAt(path), access, path);
});

Deno.test("Scope.permissionAt() lets a non-recursive rule reach direct children only", async () => {
  const scope = await Scope.open({
    allow: [{ target: "/a", permission: "read", recursive: false }],
  }, asGiven);
  assertEquals(await scope.permissionAt("/a"), "read");
  assertEquals(await scope.permissionAt("/a/b"), "read");
  assertEquals(await scope.permissionAt("/a/b/c"), "none");
});

Deno.test("Scope.permissionAt() covers the whole tree from the root", async () => {
  const everything = await Scope.open({ allow: [{ target: "/", permission: "read" }] }, asGiven);
  assertEquals(await everything.permissionAt("/a/b"), "read");
  const top = await Scope.open({
    allow: [{ target: "/", permission: "read", recursive: false }],
  }, asGiven);
  assertEquals(await top.permissionAt("/a"), "read");
  assertEquals(await top.permissionAt("/a/b"), "none");
});

Deno.test("Scope.permissionAt() gives the highest allowance, capped by the strictest denial", async () => {
  const scope = await Scope.open({
    allow: [
      { target: "/w", permission: "write" },
      { target: "/w/read", permission: "read" },
      { target: "/w/secret/open", permission: "write" },
    ],
    deny: [
      { target: "/w/fixed", permission: "write" },
      { target: "/w/secret", permission: "read" },
      { target: "/w/secret", permission: "write" },
    ],
  }, asGiven);
  assertEquals(await scope.permissionAt("/w/read/x"), "write");
  assertEquals(await scope.permissionAt("/w/fixed/x"), "read");
  assertEquals(await scope.permissionAt("/w/secret"), "none");
  // A denial wins however specific the allowance is.
  assertEquals(await scope.permissionAt("/w/secret/open/x"), "none");
});

Deno.test("Scope.permissionAt() does not depend on the order of rules", async () => {
  const rule = fc.record({
    target: fc.constantFrom("/a", "/a/b", "/a/b/c", "/d"),
    permission: fc.constantFrom("read" as const, "write" as const),
    recursive: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(rule, { minLength: 1, maxLength: 4 }),
      fc.array(rule, { maxLength: 3 }),
      async (allow: ScopeRuleInput[], deny: ScopeRuleInput[]) => {
        const forward = await Scope.open({ allow, deny }, asGiven);
        const backward = await Scope.open({
          allow: allow.toReversed(),
          deny: deny.toReversed(),
        }, asGiven);
        for (const path of ["/a", "/a/x", "/a/b", "/a/b/c", "/a/b/c/d", "/d/x", "/e"]) {
          assertEquals(await forward.permissionAt(path), await backward.permissionAt(path));
        }
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("Scope judges a symbolic link where it leads, in rules and in paths", async () => {
  await using folder = await TempFolder.make();
  await folder.file("inside/file");
  await folder.file("outside/file");
  await folder.link("inside/out", "../outside");
  await folder.link("way-in", "inside");
  const scope = await Scope.open({
    allow: [{ target: folder.path("way-in"), permission: "write" }],
  });
  assertEquals(scope.allow[0]!.target, folder.path("inside"));
  assertEquals(await scope.permissionAt(folder.path("inside/file")), "write");
  assertEquals(await scope.permissionAt(folder.path("inside/out/file")), "none");
  assertEquals(await scope.permissionAt(folder.path("inside/out/new")), "none");
  assertEquals(await scope.permissionAt(folder.path("inside/new/deep")), "write");
  assertEquals(await scope.permissionAt(`${folder.root}/inside/../outside/file`), "none");
  assertEquals(await scope.permissionAt(`${folder.root}/inside/missing/../../outside`), "none");
});

Deno.test("Scope.addDeny() and removeDeny() count from the next check on", async () => {
  const scope = await Scope.open({ allow: [{ target: "/w", permission: "write" }] }, asGiven);
  const rule = { target: "/w/x", permission: "write" as const };
  await scope.addDeny(rule);
  await scope.addDeny(rule);
  assertEquals(await scope.permissionAt("/w/x"), "read");
  assertEquals(await scope.removeDeny(rule), true);
  assertEquals(await scope.permissionAt("/w/x"), "read");
  assertEquals(await scope.removeDeny({ ...rule, recursive: false }), false);
  assertEquals(await scope.removeDeny(rule), true);
  assertEquals(await scope.permissionAt("/w/x"), "write");
  assertEquals(await scope.removeDeny(rule), false);
  await scope.addAllow({ target: "/v", permission: "read" });
  assertEquals(await scope.permissionAt("/v"), "read");
});

Deno.test("Scope.open() refuses no rules, relative targets and what cannot be resolved", async () => {
  await assertRejects(() => Scope.open({ allow: [] }), ScopeError, "at least one allow rule");
  for (const target of ["docs", "", "/no-such-folder/../x"]) {
    const error = await assertRejects(
      () => Scope.open({ allow: [{ target, permission: "read" }] }),
      ScopeError,
    );
    assertEquals(error.code, "invalid_rule");
  }
});

Deno.test("isWithin() compares whole components", () => {
  assertEquals(isWithin("/a", "/a"), true);
  assertEquals(isWithin("/a", "/a/b"), true);
  assertEquals(isWithin("/a", "/ab"), false);
  assertEquals(isWithin("/", "/ab"), true);
});
