import { assertEquals, assertStringIncludes } from "@std/assert";
import { TicketReader } from "../../lib/ticket/ticket_reader.ts";
import { relationsText, withRoot, writeTicket } from "./_ticket_root.ts";
import { rejection } from "./_written_root.ts";

const [A, B, C] = ["00001KT07NV00", "00001KT07NV01", "00001KT07NV02"] as const;

function planLine(id: string, ticketId: string, at: string): string {
  const record = { id, ticket_id: ticketId, kind: "waiting_capacity_note", note: "Later." };
  return `${JSON.stringify({ ...record, author: "alice", at })}\n`;
}

Deno.test("TicketReader.relations() selects by ticket, from both ends, and by kind", async () => {
  await withRoot(async (root) => {
    const file = (text: string) => ({ files: { "artifacts/relations.json": text } });
    writeTicket(root, A, file(relationsText(A, [["related", B], ["depends_on", C]])));
    writeTicket(root, B, file(relationsText(B, [["depends_on", C]])));
    writeTicket(root, C);
    const reader = new TicketReader(root);
    const shown = async (id?: string, kind?: "depends_on") => {
      const { relations } = await reader.relations(id, kind ? { kind } : {});
      return relations.map((it) => `${it.ticketId.at(-1)} ${it.kind} ${it.target.at(-1)}`);
    };
    assertEquals(await shown(), ["0 depends_on 2", "0 related 1", "1 depends_on 2"]);
    assertEquals(await shown(B), ["0 related 1", "1 depends_on 2"]);
    assertEquals(await shown(B, "depends_on"), ["1 depends_on 2"]);
    assertEquals((await reader.relationView(A)).view.blockers.map((it) => it.blockingTicket), [C]);
  });
});

Deno.test("TicketReader.plans() reads records of all tickets by time, and tells damaged files", async () => {
  await withRoot(async (root) => {
    const file = (text: string) => ({ files: { "artifacts/orchestration-plan.jsonl": text } });
    const id = (n: number) => `orch-plan-20260601-00000${n}-1`;
    writeTicket(root, A, file(planLine(id(2), A, "2026-06-01T00:00:02Z")));
    writeTicket(root, B, file(planLine(id(1), B, "2026-06-01T00:00:01Z")));
    writeTicket(root, C, file("{\n"));
    const reader = new TicketReader(root);
    assertEquals((await reader.plans()).records.map((record) => record.ticketId), [B, A]);
    assertEquals((await reader.plans()).problems, [{
      path: `${C}/artifacts/orchestration-plan.jsonl`,
      reason: "the file does not hold what its format asks for (line 1)",
    }]);
    assertEquals((await reader.plans(A)).records.length, 1);
    assertEquals((await reader.plans(A, { kind: "before" })).records, []);
  });
});

Deno.test("TicketReader.dependencyCheck() takes a whole id only, and names it for other names", async () => {
  await withRoot(async (root) => {
    writeTicket(root, A);
    const reader = new TicketReader(root);
    assertEquals((await reader.dependencyCheck(A)).canQueue, false);
    assertEquals(reader.resolveId("00001K"), A);
    const assertNotFound = async (name: string, words: string) => {
      const error = await rejection(() => reader.dependencyCheck(name));
      assertEquals(error.code, "not_found");
      assertStringIncludes(error.message, words);
    };
    await assertNotFound("00001K", `its whole id is ${A}`);
    await assertNotFound("nothing", "has 7 bytes instead of 13");
    for (const second of ["0", "1"]) writeTicket(root, `open/20260601-00000${second}-cache`);
    const both = "it could be 20260601-000000-cache, 20260601-000001-cache";
    for (const name of ["cache", "2026"]) await assertNotFound(name, both);
  });
});

Deno.test("TicketReader takes a root that does not exist for an empty one", async () => {
  await withRoot(async (root) => {
    const reader = new TicketReader(`${root}/none`);
    assertEquals((await reader.list()).total, 0);
    assertEquals((await reader.log()).events, []);
    assertEquals((await reader.ready()).tickets, []);
    assertEquals((await reader.relations()).relations, []);
    writeTicket(root, `none/${A}`);
    assertEquals((await reader.list()).total, 1);
  });
});
