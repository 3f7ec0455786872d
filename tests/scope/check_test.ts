import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  checkReadable,
  checkReadableFile,
  checkSearchBase,
  checkWritable,
} from "../../lib/scope/check.ts";
import { Scope } from "../../lib/scope/scope.ts";
import { ScopeError } from "../../lib/scope/scope_error.ts";
import { TempFolder } from "./_temp_folder.ts";

/** `in` is for writing, `in/fixed` for reading, `in/secret` closed; `out` lies outside. */
async function setUp(folder: TempFolder): Promise<Scope> {
  for (const path of ["in/file", "in/sub/file", "in/fixed/file", "in/secret/file", "out/file"]) {
    await folder.file(path);
  }
  return await Scope.open({
    allow: [{ target: folder.path("in"), permission: "write" }],
    deny: [
      { target: folder.path("in/fixed"), permission: "write" },
      { target: folder.path("in/secret"), permission: "read" },
    ],
  });
}

async function refusal(call: Promise<string>): Promise<ScopeError> {
  return await assertRejects(() => call, ScopeError);
}

Deno.test("checkReadable() gives the real path of what may be read", async () => {
  await using folder = await TempFolder.make();
  const scope = await setUp(folder);
  await folder.link("in/link", "sub");
  assertEquals(await checkReadable(scope, folder.path("in/file")), folder.path("in/file"));
  assertEquals(await checkReadable(scope, folder.path("in/link/file")), folder.path("in/sub/file"));
  assertEquals(
    await checkReadable(scope, folder.path("in/fixed/file")),
    folder.path("in/fixed/file"),
  );
  assertEquals(await checkReadable(scope, folder.path("in/sub")), folder.path("in/sub"));
});

Deno.test("checkReadable() tells relative, out of scope, closed and missing apart", async () => {
  await using folder = await TempFolder.make();
  const scope = await setUp(folder);
  assertEquals((await refusal(checkReadable(scope, "in/file"))).code, "relative");
  for (const path of ["out/file", "out/missing", "in/secret/file", "in/secret/missing", "."]) {
    assertEquals((await refusal(checkReadable(scope, folder.path(path)))).code, "out_of_scope");
  }
  const escape = await refusal(checkReadable(scope, `${folder.root}/in/../out/file`));
  assertEquals(escape.code, "out_of_scope");
  assertEquals(
    (await refusal(checkReadable(scope, folder.path("in/missing")))).code,
    "not_found",
  );
});

Deno.test("checkReadable() names the target of a link that leads out, and what to do", async () => {
  await using folder = await TempFolder.make();
  const scope = await setUp(folder);
  await folder.link("in/leak", "../out");
  for (const path of ["in/leak", "in/leak/file", "in/leak/new"]) {
    const error = await refusal(checkReadable(scope, folder.path(path)));
    assertEquals(error.code, "symlink_out_of_scope");
    assertStringIncludes(error.message, `"${folder.path("out")}"`);
    assertStringIncludes(error.message, "to the scope");
  }
});

Deno.test("checkReadable() names the link that leads out, not one before it", async () => {
  await using folder = await TempFolder.make();
  const scope = await setUp(folder);
  await folder.link("in/fine", "sub");
  await folder.link("in/sub/leak", folder.path("out"));
  const error = await refusal(checkReadable(scope, folder.path("in/fine/leak/file")));
  assertEquals(error.code, "symlink_out_of_scope");
  assertStringIncludes(error.message, `"${folder.path("in/fine/leak")}" leads to`);
});

Deno.test("checkReadable() names no target that the caller could not have found out", async () => {
  await using folder = await TempFolder.make();
  const scope = await setUp(folder);
  await folder.file("deeper/file");
  await folder.link("in/secret/leak", folder.path("out"));
  await folder.link("out/second", folder.path("deeper"));
  await folder.link("in/leak", "../out");
  const hidden = await refusal(checkReadable(scope, folder.path("in/secret/leak/file")));
  assertEquals(hidden.code, "out_of_scope");
  assertEquals(hidden.message.includes(folder.path("out")), false);
  // The first link is the caller's to know, the one behind it is not.
  const chained = await refusal(checkReadable(scope, folder.path("in/leak/second/file")));
  assertEquals(chained.code, "symlink_out_of_scope");
  assertEquals(chained.message.includes("deeper"), false);
});

Deno.test("checkReadable() and checkWritable() refuse every dangling link on the way", async () => {
  await using folder = await TempFolder.make();
  const scope = await setUp(folder);
  await folder.link("in/dangling", "nowhere");
  await folder.link("in/fine", "sub");
  await folder.link("in/sub/late", "../gone");
  for (const path of ["in/dangling", "in/dangling/x", "in/fine/late", "in/fine/late/x"]) {
    for (const check of [checkReadable, checkWritable]) {
      const error = await refusal(check(scope, folder.path(path)));
      assertEquals(error.code, "broken_symlink");
      assertStringIncludes(error.message, path.includes("late") ? '"../gone"' : '"nowhere"');
    }
  }
});

Deno.test("checkReadableFile() refuses directories, also through a link", async () => {
  await using folder = await TempFolder.make();
  const scope = await setUp(folder);
  await folder.link("in/link", "sub");
  const plain = await refusal(checkReadableFile(scope, folder.path("in/sub")));
  assertEquals(plain.code, "is_directory");
  assertStringIncludes(plain.message, "it is a directory");
  const linked = await refusal(checkReadableFile(scope, folder.path("in/link")));
  assertEquals(linked.code, "is_directory");
  assertStringIncludes(linked.message, `leads to the directory "${folder.path("in/sub")}"`);
});

Deno.test("checkSearchBase() takes folders only, and none that is a link itself", async () => {
  await using folder = await TempFolder.make();
  const scope = await setUp(folder);
  await Deno.mkdir(folder.path("in/sub/inner"));
  await folder.link("in/link", "sub");
  assertEquals(await checkSearchBase(scope, folder.path("in/sub")), folder.path("in/sub"));
  // A link further up is fine.
  assertEquals(
    await checkSearchBase(scope, folder.path("in/link/inner")),
    folder.path("in/sub/inner"),
  );
  assertEquals(
    (await refusal(checkSearchBase(scope, folder.path("in/file")))).code,
    "not_directory",
  );
  for (const path of [folder.path("in/link"), `${folder.root}/in/link/`]) {
    const error = await refusal(checkSearchBase(scope, path));
    assertEquals(error.code, "symlink_directory");
    assertStringIncludes(error.message, folder.path("in/sub"));
  }
});

Deno.test("checkWritable() takes new files, and the targets of links", async () => {
  await using folder = await TempFolder.make();
  const scope = await setUp(folder);
  await folder.link("in/link", "file");
  assertEquals(
    await checkWritable(scope, folder.path("in/new/deep")),
    folder.path("in/new/deep"),
  );
  assertEquals(await checkWritable(scope, folder.path("in/link")), folder.path("in/file"));
});

Deno.test("checkWritable() tells read-only, out of scope and directories apart", async () => {
  await using folder = await TempFolder.make();
  const scope = await setUp(folder);
  await folder.link("in/leak", "../out");
  const codes = {
    "in/fixed/file": "read_only",
    "in/fixed/new": "read_only",
    "in/secret/new": "out_of_scope",
    "out/new": "out_of_scope",
    "in/leak/new": "symlink_out_of_scope",
    "in/sub": "is_directory",
  };
  for (const [path, code] of Object.entries(codes)) {
    assertEquals((await refusal(checkWritable(scope, folder.path(path)))).code, code, path);
  }
  assertEquals((await refusal(checkWritable(scope, "new"))).code, "relative");
  assertEquals(
    (await refusal(checkWritable(scope, `${folder.root}/in/none/../../out/new`))).code,
    "unresolvable",
  );
});
