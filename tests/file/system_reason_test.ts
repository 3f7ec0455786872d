import { assertEquals } from "@std/assert";
import { systemReason } from "../../lib/file/system_reason.ts";

Deno.test("systemReason() leaves out the call and the paths of the runtime's messages", () => {
  for (
    const call of [
      () => Deno.lstatSync("/nowhere/a"),
      () => Deno.renameSync("/nowhere/a", "/nowhere/b"),
      () => Deno.makeTempFileSync({ dir: "/nowhere" }),
      () => Deno.openSync("/nowhere/it's\n'odd'"),
    ]
  ) {
    assertEquals(systemReason(thrownBy(call)), "No such file or directory (os error 2)");
  }
});

Deno.test("systemReason() leaves other words as they are", () => {
  assertEquals(
    systemReason(new Error("not a regular file: remove it")),
    "not a regular file: remove it",
  );
  assertEquals(systemReason(new Error("no: thing")), "no: thing");
  assertEquals(systemReason("thrown text"), "thrown text");
});

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("the call did not fail");
}
