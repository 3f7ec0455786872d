import { assert, assertEquals } from "@std/assert";
import { textWidth } from "../../../lib/cli/text_width.ts";
import { Workspace } from "../_tickets.ts";

Deno.test("tables keep ids and heads whole on narrow terminals, and nothing is broken there", async () => {
  await using workspace = await Workspace.create();
  const a = await workspace.ticket("Cache the index of everything there is");
  const b = await workspace.ticket("Fix the schema");
  await workspace.do([
    ...["ticket", "relation", "add", "--ticket", a, "--kind", "duplicate_of", "--target", b],
    ...["--note", "found by the review"],
  ]);
  const report = ["--role", "implementation_report", "--message", "The index is a file now"];
  await workspace.do(["ticket", "comment", a, ...report]);
  await workspace.do([
    ...["objective", "create", "--title", "Faster search in everything there is"],
    ...["--ticket", a, "--ticket", b],
  ]);
  for (const kind of ["do_not_parallelize", "waiting_capacity_note"]) {
    await workspace.do([
      ...["ticket", "plan", "add", "--ticket", a, "--kind", kind, "--related", b],
      ...["--note", "both change the schema of the index"],
    ]);
  }
  const lines: [string, string][] = [
    ["ticket list", "STATE     ID             TITLE"],
    ["ticket log", "TICKET         WHAT"],
    ["ticket search index", "ID             WHAT"],
    ["ticket relation list", "TICKET        KIND         TARGET"],
    ["ticket plan list", "TICKET         WHAT"],
    ["objective list", "STATE   ID             TITLE"],
  ];
  for (const [line, head] of lines) {
    for (const columns of [40, 60, 80]) {
      const shown = (await workspace.do(line, { columns })).trimEnd().split("\n");
      if (columns === 40) assertEquals(shown[0], head);
      for (const row of shown) assert(textWidth(row) <= columns, `${line}: ${row}`);
      if (!line.startsWith("objective")) assert(shown.some((row) => row.includes(a)), line);
    }
  }
  const [head, ...log] = (await workspace.do("ticket log", { columns: 60 })).split("\n");
  assertEquals(head, "AT          TICKET         WHAT");
  const row = /^\d{4}-\d\d-\d\d {2}\w+ {2}implementation_report · Cache/;
  assert(log.some((line) => row.test(line)), log.join("\n"));
});

Deno.test("yoi ticket search fits 80 columns, however wide the letters of titles are", async () => {
  await using workspace = await Workspace.create();
  const title = "索引をキャッシュする仕組みを作り、すべての一覧から使えるようにする";
  await workspace.ticket(title);
  const found = await workspace.do("ticket search 索引", { columns: 80 });
  for (const row of found.split("\n")) assert(textWidth(row) <= 80, row);
  assert(found.includes("  索引をキャッシュする仕組みを作…  索引を"), found);
});
