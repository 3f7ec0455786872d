import { assert, assertEquals } from "@std/assert";
import type { Relation } from "../../lib/ticket/relation_view.ts";
import { renderRelations } from "../../lib/ticket/relations_file.ts";
import { mergeRelations } from "../../lib/ticket/_relations_merge.ts";

const OWNER = "00001KT07NV00";
const ONE = relation("depends_on", "00001KT07NV01");
const TWO = relation("related", "00001KT07NV02");
const THREE = relation("blocks", "00001KT07NV03");
const refuse = () => Promise.reject(new Error("git is not needed"));

Deno.test("mergeRelations: what either side added stays, what either removed goes", async () => {
  const base = renderRelations([ONE, TWO]);
  const ours = renderRelations([ONE, TWO, THREE]);
  const theirs = renderRelations([ONE]);
  const merged = await mergeRelations({ base, ours, theirs }, OWNER, sameOnly);
  assertEquals(merged, { text: renderRelations([ONE, THREE]), conflict: false });
});

Deno.test("mergeRelations: both sides may make the file", async () => {
  const versions = { base: "", ours: renderRelations([ONE]), theirs: renderRelations([TWO]) };
  const merged = await mergeRelations(versions, OWNER, sameOnly);
  assertEquals(merged, { text: renderRelations([ONE, TWO]), conflict: false });
});

Deno.test("mergeRelations: a relation told on both sides is one, as the earlier says it", async () => {
  const later = { ...ONE, at: "2026-06-05T00:00:00Z", author: "bob" };
  for (
    const [ours, theirs] of [[later, ONE], [ONE, later]].map((side) =>
      side.map((one) => renderRelations([one]))
    )
  ) {
    const merged = await mergeRelations(
      { base: "", ours: ours!, theirs: theirs! },
      OWNER,
      sameOnly,
    );
    assertEquals(merged, { text: renderRelations([ONE]), conflict: false });
  }
});

Deno.test("mergeRelations: two notes on one relation are a conflict", async () => {
  const other = { ...ONE, note: "another reason" };
  const versions = { base: "", ours: renderRelations([ONE]), theirs: renderRelations([other]) };
  const { text, conflict } = await mergeRelations(versions, OWNER);
  assert(conflict);
  assert(text.includes("<<<<<<< ours\n"));
});

Deno.test("mergeRelations: a file that cannot be read is merged by lines", async () => {
  const versions = { base: "{", ours: "{ours", theirs: "{theirs" };
  const asked: string[] = [];
  await mergeRelations(versions, OWNER, (lines) => {
    asked.push(lines.ours);
    return Promise.resolve({ text: "", conflict: true });
  });
  assertEquals(asked, ["{ours"]);
});

Deno.test("mergeRelations: a file that only one side cannot read is merged by lines", async () => {
  const good = renderRelations([ONE]);
  for (const side of ["base", "ours", "theirs"] as const) {
    const versions = { base: good, ours: good, theirs: good, [side]: "{" };
    const asked: unknown[] = [];
    await mergeRelations(versions, OWNER, (lines) => {
      asked.push(lines);
      return Promise.resolve({ text: "", conflict: true });
    });
    assertEquals(asked, [versions]);
  }
});

/** Nothing is open, so all three texts have to be the same. */
function sameOnly({ base, ours, theirs }: { base: string; ours: string; theirs: string }) {
  return base === ours && ours === theirs
    ? Promise.resolve({ text: ours, conflict: false })
    : refuse();
}

function relation(kind: Relation["kind"], target: string): Relation {
  return { ticketId: OWNER, kind, target, note: null, author: "alice", at: "2026-06-01T00:00:00Z" };
}
