import { assertEquals } from "@std/assert";
import { Scope } from "../../lib/scope/scope.ts";
import { scopeSummary } from "../../lib/scope/scope_summary.ts";

Deno.test("scopeSummary() lists what is allowed, marks what is not recursive, hides denials", async () => {
  const scope = await Scope.open({
    allow: [
      { target: "/w", permission: "write" },
      { target: "/r", permission: "read", recursive: false },
      { target: "/w", permission: "write" },
    ],
    deny: [{ target: "/w/secret", permission: "read" }],
  }, { realPath: (path) => Promise.resolve(path) });
  assertEquals(
    scopeSummary(scope),
    "Readable:\n- /w\n- /r [non-recursive]\nWritable:\n- /w",
  );
});
