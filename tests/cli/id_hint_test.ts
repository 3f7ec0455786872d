import { assertEquals } from "@std/assert";
import { withIdHint } from "../../lib/cli/id_hint.ts";
import { Workspace } from "./_tickets.ts";

Deno.test("withIdHint() hints at ids in small letters, and at nothing else", () => {
  for (
    const message of [
      "ticket not found: 00001KT07NV00",
      "ticket not found: add-cache",
      "ticket not found: cache",
      "ticket not found: 0l",
      "ticket not found: 0a (it could be 0A1, 0A2)",
      "ticket conflict: 00001kt07nv00",
    ]
  ) {
    assertEquals(withIdHint(message), message);
  }
});

Deno.test("yoi says of ids in small letters that they are upper case", async () => {
  await using workspace = await Workspace.create();
  const id = await workspace.ticket("x");
  const small = id.toLowerCase();
  const hint = `not found: ${small} (ids are upper case: ${id})\n`;
  for (
    const line of [`show ${small}`, `comment ${small} --message x`, `reopen ${small} --reason x`]
  ) {
    assertEquals((await workspace.say(`ticket ${line}`)).stderr, `yoi ticket: ticket ${hint}`);
  }
  const objective = await workspace.say(`objective show ${small}`);
  assertEquals(objective.stderr, `yoi objective: objective ${hint}`);
  assertEquals(objective.code, 1);
});
