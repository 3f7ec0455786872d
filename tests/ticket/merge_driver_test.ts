import { assert, assertEquals, assertRejects } from "@std/assert";
import { mergeTicketFile, runMergeDriver } from "../../lib/ticket/merge_driver.ts";
import { TicketError } from "../../lib/ticket/ticket_error.ts";

Deno.test("runMergeDriver: the result lies where our version lay", async () => {
  const folder = await Deno.makeTempDir();
  const files = { base: `${folder}/o`, ours: `${folder}/a`, theirs: `${folder}/b` };
  await Deno.writeTextFile(files.base, "");
  await Deno.writeTextFile(files.ours, '{"at":"2026-06-02T00:00:00Z"}\n');
  await Deno.writeTextFile(files.theirs, '{"at":"2026-06-01T00:00:00Z"}\n');
  const path = "tickets/00001KT07NV00/artifacts/orchestration-plan.jsonl";
  assertEquals(await runMergeDriver({ ...files, path }), { conflict: false });
  assertEquals(
    await Deno.readTextFile(files.ours),
    '{"at":"2026-06-01T00:00:00Z"}\n{"at":"2026-06-02T00:00:00Z"}\n',
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("runMergeDriver: bytes that are no UTF-8 are refused, not replaced", async () => {
  const folder = await Deno.makeTempDir();
  const files = { base: `${folder}/o`, ours: `${folder}/a`, theirs: `${folder}/b` };
  for (const path of Object.values(files)) await Deno.writeFile(path, Uint8Array.of(0xff));
  const error = await assertRejects(
    () => runMergeDriver({ ...files, path: "thread.md" }),
    TicketError,
  );
  assertEquals(error.code, "io");
  assertEquals(await Deno.readFile(files.ours), Uint8Array.of(0xff));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("mergeTicketFile: another file is merged by lines", async () => {
  const { text, conflict } = await mergeTicketFile("tickets/00001KT07NV00/resolution.md", {
    base: "a\n",
    ours: "b\n",
    theirs: "c\n",
  });
  assert(conflict);
  assertEquals(text, "<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\n");
});
