import { assertEquals, assertRejects } from "@std/assert";
import { resolvePath } from "../../lib/scope/resolve_path.ts";
import { ScopeError } from "../../lib/scope/scope_error.ts";
import { TempFolder } from "./_temp_folder.ts";

async function codeOf(path: string): Promise<string> {
  return (await assertRejects(() => resolvePath(path), ScopeError)).code;
}

Deno.test("resolvePath() follows links as far as the path exists and appends the rest", async () => {
  await using folder = await TempFolder.make();
  await folder.file("real/file");
  await folder.link("link", "real");
  await folder.link("twice", "link");
  assertEquals(await resolvePath(folder.path("twice/file")), folder.path("real/file"));
  assertEquals(await resolvePath(folder.path("link/new/deep")), folder.path("real/new/deep"));
  assertEquals(await resolvePath(`${folder.root}/twice///new/`), folder.path("real/new"));
  assertEquals(await resolvePath(`${folder.root}/./link/./new`), folder.path("real/new"));
  assertEquals(await resolvePath("/"), "/");
  assertEquals(await resolvePath("/no-such-folder/x"), "/no-such-folder/x");
});

Deno.test("resolvePath() resolves `..` where it exists, as the system does", async () => {
  await using folder = await TempFolder.make();
  await folder.file("a/b/file");
  await folder.link("link", "a/b");
  // Behind a link `..` is the parent of the target.
  assertEquals(await resolvePath(`${folder.root}/link/../new`), folder.path("a/new"));
  assertEquals(await resolvePath(`${folder.root}/a/../new`), folder.path("new"));
});

Deno.test("resolvePath() refuses `..` behind something that does not exist", async () => {
  await using folder = await TempFolder.make();
  assertEquals(await codeOf(`${folder.root}/missing/../x`), "unresolvable");
  assertEquals(await codeOf(`${folder.root}/missing/..`), "unresolvable");
  assertEquals(await codeOf(`${folder.root}/missing/a/../../../etc/passwd`), "unresolvable");
});

Deno.test("resolvePath() takes a dangling link as a new file at its place", async () => {
  await using folder = await TempFolder.make();
  const link = await folder.link("dangling", "nowhere");
  assertEquals(await resolvePath(link), link);
});

Deno.test("resolvePath() takes a path below a file as missing", async () => {
  await using folder = await TempFolder.make();
  const file = await folder.file("file");
  assertEquals(await resolvePath(`${file}/x`), `${file}/x`);
});

Deno.test("resolvePath() refuses circles, relative paths, NUL bytes and nothing", async () => {
  await using folder = await TempFolder.make();
  await folder.link("one", "two");
  await folder.link("two", "one");
  assertEquals(await codeOf(folder.path("one/x")), "unresolvable");
  assertEquals(await codeOf("relative/path"), "relative");
  assertEquals(await codeOf("/a\0b"), "invalid_path");
  assertEquals(await codeOf(""), "invalid_path");
});
