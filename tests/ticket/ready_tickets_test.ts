import { assertEquals } from "@std/assert";
import { TicketReader } from "../../lib/ticket/ticket_reader.ts";
import { lines, relationsText, withRoot, writeTicket } from "./_ticket_root.ts";

const id = (number: number) => `00001KT07NV0${number}`;
const relations = (owner: number, kind: string, target: number) => ({
  "artifacts/relations.json": relationsText(id(owner), [[kind, id(target)]]),
});

Deno.test("TicketReader.ready() gives unblocked tickets by priority and age", async () => {
  await withRoot(async (root) => {
    const write = (number: number, fields: Record<string, string>, files = {}) =>
      writeTicket(root, id(number), { lines: lines({ state: "ready", ...fields }), files });
    write(0, {});
    write(1, { created_at: "2026-05-01T00:00:00Z" });
    write(2, { priority: "P1" });
    write(3, { priority: "P0" });
    write(4, { priority: "P0" }, relations(4, "depends_on", 5));
    write(5, { state: "planning" }, relations(5, "blocks", 6));
    write(6, {});
    write(7, { state: "done" }, relations(7, "blocks", 0));
    write(8, { priority: "P1" }, relations(8, "depends_on", 7));
    const { tickets, problems } = await new TicketReader(root).ready();
    assertEquals(tickets.map((ticket) => Number(ticket.id.at(-1))), [3, 2, 8, 1, 0]);
    assertEquals(problems, []);
  });
});

Deno.test("TicketReader.ready() holds back what waits for a ticket that cannot be read", async () => {
  await withRoot(async (root) => {
    writeTicket(root, id(0), {
      lines: lines({ state: "ready" }),
      files: relations(0, "depends_on", 1),
    });
    writeTicket(root, id(1));
    await Deno.writeTextFile(`${root}/${id(1)}/item.md`, "");
    const { tickets, problems } = await new TicketReader(root).ready();
    assertEquals(tickets, []);
    assertEquals(problems.map((problem) => problem.path), [`${id(1)}/item.md`]);
  });
});

Deno.test("TicketReader.ready() sees the blocks of a ticket that cannot be read itself", async () => {
  await withRoot(async (root) => {
    writeTicket(root, id(0), { lines: lines({ state: "ready" }) });
    writeTicket(root, id(1), { files: relations(1, "blocks", 0) });
    await Deno.writeTextFile(`${root}/${id(1)}/item.md`, "");
    assertEquals((await new TicketReader(root).ready()).tickets, []);
  });
});

Deno.test("TicketReader.ready() holds back a ticket whose relations cannot be read, as queueing does", async () => {
  await withRoot(async (root) => {
    const files = { "artifacts/relations.json": "{" };
    writeTicket(root, id(0), { lines: lines({ state: "ready" }), files });
    writeTicket(root, id(1), { lines: lines({ state: "ready" }) });
    const { tickets, problems } = await new TicketReader(root).ready();
    assertEquals(tickets.map((ticket) => ticket.id), [id(1)]);
    assertEquals(problems.map(({ path }) => path), [`${id(0)}/artifacts/relations.json`]);
  });
});

Deno.test("TicketReader.ready() holds back a ticket whose body cannot be shown", async () => {
  await withRoot(async (root) => {
    for (const number of [0, 1]) {
      writeTicket(root, id(number), { lines: lines({ state: "ready" }) });
    }
    await Deno.writeFile(`${root}/${id(0)}/item.md`, new Uint8Array([0xff]), { append: true });
    const reader = new TicketReader(root);
    assertEquals((await reader.list()).tickets.length, 2);
    const { tickets, problems } = await reader.ready();
    assertEquals(tickets.map((ticket) => ticket.id), [id(1)]);
    assertEquals(problems.map((problem) => problem.path), [`${id(0)}/item.md`]);
  });
});
