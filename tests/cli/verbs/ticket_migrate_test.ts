import { assert, assertEquals, assertMatch } from "@std/assert";
import type { MigrationReport } from "../../../lib/ticket/migrate.ts";
import { Workspace } from "../_tickets.ts";

async function old(): Promise<Workspace> {
  const workspace = await Workspace.create();
  const folder = ".yoi/tickets/open/20260529-010200-read-less";
  await workspace.write(
    `${folder}/item.md`,
    "---\nid: 20260529-010200-read-less\nslug: read-less\ntitle: Read: less\nstatus: open\n" +
      "created_at: 2026-05-29T01:02:00Z\nupdated_at: 2026-05-29T01:02:00Z\n---\n\nWhy?\n",
  );
  await workspace.write(
    `${folder}/thread.md`,
    "<!-- event: create author: a at: 2026-05-29T01:02:00Z -->\n\n## Created\n\nx\n\n---\n",
  );
  await workspace.write(`${folder}/artifacts/.gitkeep`, "");
  return workspace;
}

Deno.test("yoi ticket migrate prints the map of ids, and old names still resolve", async () => {
  await using workspace = await old();
  const map = "20260529-010200-read-less\t00001KSRM16T0\n";
  assertEquals(await workspace.do("ticket migrate"), `migrated\t${map}`);
  assertEquals(await workspace.do("ticket migrate"), "unchanged\n");
  for (const name of ["00001KSRM16T0", "20260529-010200-read-less", "read-less"]) {
    assert((await workspace.do(["ticket", "show", name])).startsWith("# Read: less\n"), name);
  }
  assertEquals(await workspace.do("ticket doctor"), "doctor: ok\n");
});

Deno.test("yoi ticket migrate says in a work tree of git how other branches come along", async () => {
  await using workspace = await old();
  await Deno.mkdir(`${workspace.path}/.git`);
  assertEquals((await workspace.say("ticket migrate --dry-run")).stderr, "");
  const { code, stderr } = await workspace.say("ticket migrate");
  assertEquals(code, 0);
  assertMatch(stderr, /^yoi ticket: branches that still have the old ids: .*-X no-renames`\n$/);
  assertEquals((await workspace.say("ticket migrate")).stderr, "");
});

Deno.test("yoi ticket migrate --dry-run prints every change and does none", async () => {
  await using workspace = await old();
  const text = await workspace.do("ticket migrate --dry-run");
  assert(text.startsWith("migrate\t20260529-010200-read-less\t00001KSRM16T0\n"), text);
  assertMatch(text, /^(move|rewrite|write|remove)\t/m);
  const { tickets } = await workspace.json<MigrationReport>("ticket migrate --dry-run");
  assertEquals(tickets.length, 1);
  assertEquals((await Deno.lstat(`${workspace.root}/open`)).isDirectory, true);
});

Deno.test("yoi ticket migrate gives objectives the new ids, also beside a root that is named", async () => {
  for (const flags of ["", " --root .yoi/tickets"]) {
    await using workspace = await old();
    const objective = ".yoi/objectives/00001KT07NV00/item.md";
    const text = '---\ntitle: "Faster"\nstate: "active"\ncreated_at: "2026-06-09T00:00:00Z"\n' +
      'updated_at: "2026-06-09T00:00:00Z"\nlinked_tickets: ["20260529-010200-read-less"]\n---\n';
    await workspace.write(objective, text);
    const said = await workspace.do(`ticket migrate${flags}`);
    assertEquals(
      said,
      "migrated\t20260529-010200-read-less\t00001KSRM16T0\n" +
        `rewrite\t${workspace.path}/${objective}\tnames tickets by their new ids\n`,
    );
    assert((await workspace.read(objective)).includes('linked_tickets: ["00001KSRM16T0"]'));
    // A branch that was not migrated brings an old link: that is all there is to tell then.
    await workspace.write(objective, text);
    assertMatch(await workspace.do(`ticket migrate${flags}`), /^rewrite\t[^\n]*\n$/);
  }
});
