import { assertEquals, assertStrictEquals } from "@std/assert";
import { FileError, type FileErrorCode } from "../../lib/file/file_error.ts";

Deno.test("FileError.from() gives each failure its code and says what and where", () => {
  const withCode = (code: string) => Object.assign(new Error("system's words"), { code });
  const cases: [unknown, FileErrorCode, string][] = [
    [new Deno.errors.NotFound(), "not_found", "no such file or folder"],
    [new Deno.errors.AlreadyExists(), "exists", "it exists already"],
    [new Deno.errors.PermissionDenied("denied"), "permission", "denied"],
    [new Deno.errors.NotCapable("needs a flag"), "permission", "needs a flag"],
    [withCode("ENOSPC"), "no_space", "system's words"],
    [withCode("EDQUOT"), "no_space", "system's words"],
    [withCode("EFBIG"), "no_space", "system's words"],
    [withCode("EIO"), "io", "system's words"],
    ["thrown text", "io", "thrown text"],
  ];
  for (const [cause, code, reason] of cases) {
    const error = FileError.from("write", "/a/b", cause);
    assertEquals([error.code, error.path, error.cause], [code, "/a/b", cause]);
    assertEquals(error.message, `Cannot write "/a/b": ${reason}`);
  }
});

Deno.test("FileError.from() hands a FileError back", () => {
  const error = new FileError("locked", "/a", "Cannot lock");
  assertStrictEquals(FileError.from("write", "/b", error), error);
});
