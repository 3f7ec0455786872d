import { assert, assertEquals, assertRejects } from "@std/assert";
import { TicketError } from "../../lib/ticket/ticket_error.ts";
import { TicketStore } from "../../lib/ticket/store.ts";
import { RelationIndex, type RelationList } from "../../lib/ticket/relation_index.ts";
import type { Relation } from "../../lib/ticket/relation_view.ts";
import { showTickets } from "../../lib/ticket/ticket_show.ts";
import { TicketReader } from "../../lib/ticket/ticket_reader.ts";
import { eventText, lines, relationsText, withRoot, writeTicket } from "./_ticket_root.ts";
import { rejection } from "./_written_root.ts";

const [A, B, C, D] = ["00001KT07NV00", "00001KT07NV01", "00001KT07NV02", "00001KT07NV03"] as const;
const RELATIONS = "artifacts/relations.json";

Deno.test("TicketReader.show() gives everything of a ticket", async () => {
  await withRoot(async (root) => {
    writeTicket(root, A, {
      lines: [...lines({ state: "closed" }), "assignee: null", "risk_flags: [io, 'format']"],
      body: "\n## Background\n\n---\n",
      thread: eventText("comment", "2026-06-01T00:00:00Z", "Fine."),
      files: { "resolution.md": "Done.\n", "artifacts/notes.md": "" },
    });
    assertEquals(await new TicketReader(root).show(A), {
      id: A,
      generation: "v3",
      v3Id: A,
      title: "Cache the index",
      state: "closed",
      frontmatter: {
        title: "Cache the index",
        state: "closed",
        created_at: "2026-06-01T00:00:00Z",
        updated_at: "2026-06-02T00:00:00Z",
        assignee: null,
        risk_flags: ["io", "format"],
      },
      body: "\n## Background\n\n---\n",
      events: [{
        kind: "comment",
        author: "alice",
        at: "2026-06-01T00:00:00Z",
        heading: "Heading",
        body: "Fine.",
        attributes: { event: "comment", author: "alice", at: "2026-06-01T00:00:00Z" },
      }],
      artifacts: ["notes.md"],
      relations: { outgoing: [], incoming: [], blockers: [], notices: [] },
      resolution: "Done.\n",
      problems: [],
    });
  });
});

Deno.test("TicketReader.show() finds who blocks a ticket, from both ends", async () => {
  await withRoot(async (root) => {
    const gone = "00001KT07NV0Z";
    const own = relationsText(A, [["depends_on", B], ["depends_on", gone], ["related", C]]);
    writeTicket(root, A, { files: { [RELATIONS]: own } });
    writeTicket(root, B, { lines: lines({ state: "done" }) });
    writeTicket(root, C, {
      lines: lines({ state: "queued" }),
      files: { [RELATIONS]: relationsText(C, [["blocks", A], ["supersedes", A]]) },
    });
    const { relations, problems } = await new TicketReader(root).show(A);
    assertEquals(problems, []);
    assertEquals(relations.outgoing.map(({ kind, target }) => [kind, target]), [
      ["depends_on", B],
      ["depends_on", gone],
      ["related", C],
    ]);
    assertEquals(relations.incoming.map((it) => [it.inverseKind, it.sourceTicket]), [
      ["blocked_by", C],
      ["superseded_by", C],
    ]);
    assertEquals(relations.blockers.map((it) => [it.blockingTicket, it.blockingState]), [
      [C, "queued"],
      [gone, "planning"],
    ]);
    assertEquals(relations.notices.map((it) => it.kind), ["superseded_by"]);
  });
});

Deno.test("TicketReader.show() tells what is damaged beside the rest, of others too", async () => {
  await withRoot(async (root) => {
    writeTicket(root, A, {
      thread: null,
      files: { [RELATIONS]: relationsText(A, [["depends_on", B], ["depends_on", "../../x"]]) },
    });
    await Deno.symlink("/etc/hostname", `${root}/${A}/resolution.md`);
    await Deno.symlink("/etc", `${root}/${A}/artifacts/etc`);
    writeTicket(root, B);
    await Deno.writeTextFile(`${root}/${B}/item.md`, "hunter2");
    writeTicket(root, C, { files: { [RELATIONS]: "hunter2" } });
    writeTicket(root, D);
    await Deno.writeTextFile(`${root}/${D}/item.md`, "");

    const detail = await new TicketReader(root).show(A);
    assertEquals([detail.events, detail.resolution, detail.artifacts], [[], null, [
      "relations.json",
    ]]);
    assertEquals(
      detail.relations.blockers.map((it) => [it.blockingTicket, it.blockingState]),
      [["../../x", "planning"], [B, "planning"]],
    );
    assertEquals(detail.problems.map((problem) => problem.path), [
      `${A}/thread.md`,
      `${A}/resolution.md`,
      `${A}/artifacts/etc`,
      `${C}/${RELATIONS}`,
      `${B}/item.md`,
    ]);
    assert(!JSON.stringify(detail.problems).includes("hunter2"));
  });
});

Deno.test("TicketReader.show() tells of a link in the place of relations once", async () => {
  await withRoot(async (root) => {
    writeTicket(root, A);
    await Deno.symlink("/etc/hostname", `${root}/${A}/${RELATIONS}`);
    const reason = "a symbolic link, and links are not followed";
    const { problems } = await new TicketReader(root).show(A);
    assertEquals(problems, [{ path: `${A}/${RELATIONS}`, reason }]);
  });
});

Deno.test("TicketReader.show() refuses a ticket whose item.md cannot be read", async () => {
  await withRoot(async (root) => {
    writeTicket(root, A);
    await Deno.writeTextFile(`${root}/${A}/item.md`, "");
    const error = await assertRejects(() => new TicketReader(root).show(A));
    assert(error instanceof TicketError && error.code === "parse");
  });
});

Deno.test("TicketReader.show() computes the ids that older tickets will have", async () => {
  await withRoot(async (root) => {
    writeTicket(root, "closed/20260529-010200-a-first");
    writeTicket(root, "open/20260529-010200-b-second", { lines: lines({ status: "open" }) });
    writeTicket(root, "20260529-010201-001");
    writeTicket(root, "open/no-stamp");
    const reader = new TicketReader(root);
    const shown = async (query: string) => {
      const { generation, v3Id, state } = await reader.show(query);
      return [generation, v3Id, state];
    };
    assertEquals(await shown("a-first"), ["v1", "00001KSRM16T0", "closed"]);
    assertEquals(await shown("20260529-010200-b-second"), ["v1", "00001KSRM16T1", "planning"]);
    assertEquals(await shown("20260529-010201-001"), ["v2", "00001KSRM17S8", "planning"]);
    assertEquals(await shown("no-stamp"), ["v1", null, "planning"]);
  });
});

Deno.test("TicketReader reads through a root that is a link itself", async () => {
  await withRoot(async (root) => {
    writeTicket(root, `tickets/${A}`, {
      files: { [RELATIONS]: relationsText(A, [["depends_on", B]]) },
    });
    await Deno.symlink("tickets", `${root}/link`);
    const reader = new TicketReader(`${root}/link`);
    assertEquals((await reader.list()).problems, []);
    assertEquals((await reader.show(A)).relations.outgoing.length, 1);
  });
});

Deno.test("TicketReader.showAll() gives what show() gives, and tells what it leaves out", async () => {
  await withRoot(async (root) => {
    writeTicket(root, A, { files: { [RELATIONS]: relationsText(A, [["depends_on", B]]) } });
    writeTicket(root, B, { thread: eventText("comment", "2026-06-01T00:00:00Z", "Fine.") });
    writeTicket(root, C, { files: { [RELATIONS]: relationsText(C, [["blocks", A]]) } });
    writeTicket(root, D, { lines: ["title: 'x'", "state: 'nowhere'"] });
    writeTicket(root, "00001KT07NV04", { files: { [RELATIONS]: "{" } });
    writeTicket(root, "20260529-010200-001");
    writeTicket(root, "open/20260529-010200-cache-index", { files: { "artifacts/a/b.md": "" } });
    await Deno.mkdir(`${root}/00001KT07NV09`);
    await Deno.symlink(A, `${root}/link`);
    const reader = new TicketReader(root);
    const { tickets, problems } = await reader.list();
    const told: string[] = [];
    const details = await Array.fromAsync(
      reader.showAll({ onProblem: ({ path, reason }) => told.push(`${path}: ${reason}`) }),
    );
    assertEquals(details.map(({ id }) => id), tickets.map(({ id }) => id));
    assertEquals(details.length, 6);
    for (const detail of details) assertEquals(detail, await reader.show(detail.id));
    assertEquals(told.sort(), problems.map(({ path, reason }) => `${path}: ${reason}`).sort());
    assertEquals(told.length, 2);
  });
});

Deno.test("TicketReader.showAll() reads each ticket when it is its turn", async () => {
  await withRoot(async (root) => {
    for (const id of [A, B, C, D]) writeTicket(root, id);
    const shown: string[] = [];
    for await (const { id, title } of new TicketReader(root).showAll()) {
      shown.push(`${id} ${title}`);
      if (id !== A) continue;
      writeTicket(root, B, { lines: lines({ title: "other" }) });
      await Deno.remove(`${root}/${C}`, { recursive: true });
    }
    assertEquals(shown, [`${A} Cache the index`, `${B} other`, `${D} Cache the index`]);
  });
});

Deno.test("showTickets() passes over no mistake of the program, whether problems are heard or not", async () => {
  await withRoot(async (root) => {
    writeTicket(root, A);
    const mistake = new TypeError("a mistake");
    class MistakenIndex extends RelationIndex {
      override read(): Promise<RelationList> {
        const rest = { ticketId: A, target: B, note: null, author: "kim", at: "" };
        const relation: Relation = {
          ...rest,
          get kind(): never {
            throw mistake;
          },
        };
        return Promise.resolve({ relations: [relation], problems: [] });
      }
    }
    const index = new MistakenIndex(root);
    for (const options of [{}, { onProblem: () => {} }]) {
      const run = () => Array.fromAsync(showTickets(root, index, options));
      assertEquals(await assertRejects(run), mistake);
    }
  });
});

Deno.test("TicketReader.showAll() ends with its signal's reason, before the first one and between", async () => {
  await withRoot(async (root) => {
    for (const id of [A, B]) writeTicket(root, id);
    const reason = new Error("not needed any more");
    const controller = new AbortController();
    const shown: string[] = [];
    const run = async () => {
      for await (const { id } of new TicketReader(root).showAll({ signal: controller.signal })) {
        shown.push(id);
        controller.abort(reason);
      }
    };
    assertEquals(await assertRejects(run), reason);
    assertEquals(await assertRejects(run), reason);
    assertEquals(shown, [A]);
  });
});

Deno.test("TicketReader.show() lets others run, and hears its signal, while it looks for the tickets of very many relations", async () => {
  await withRoot(async (root) => {
    const relations = Array.from({ length: 20_000 }, (_, i) => ["depends_on", `t${i}`] as const);
    writeTicket(root, A, { files: { [RELATIONS]: relationsText(A, relations) } });
    const reader = new TicketReader(root);
    for (const read of ["show", "dependencyCheck"] as const) {
      const reason = new Error("not needed any more");
      const controller = new AbortController();
      setTimeout(() => controller.abort(reason));
      const { signal } = controller;
      assertEquals(await assertRejects(async () => await reader[read](A, { signal })), reason);
    }
  });
});

Deno.test("TicketStore.readArtifact() gives what show() lists, and nothing else", async () => {
  await withRoot(async (root) => {
    const old = "20260529-010200-cache-index";
    writeTicket(root, `closed/${old}`, { files: { "artifacts/a/log.txt": "日\n" } });
    writeTicket(root, A);
    await Deno.writeFile(`${root}/${A}/artifacts/image.png`, new Uint8Array([0, 255]));
    await Deno.symlink("../item.md", `${root}/${A}/artifacts/link.md`);
    await Deno.symlink(`../../closed/${old}/artifacts`, `${root}/${A}/artifacts/linked`);
    const store = TicketStore.open(root);
    const text = async (query: string, path: string) =>
      new TextDecoder().decode(await store.readArtifact(query, path));
    const { artifacts } = await store.show(old);
    assertEquals(artifacts, ["a/log.txt"]);
    assertEquals(await text("cache-index", artifacts[0]!), "日\n");
    assertEquals(await store.readArtifact(A, "image.png"), new Uint8Array([0, 255]));
    const refusals = {
      "link.md": "escapes_root",
      "linked/a/log.txt": "escapes_root",
      "../item.md": "escapes_root",
      "/etc/hostname": "escapes_root",
      "": "escapes_root",
      "a": "not_found",
      "nowhere/x": "not_found",
    };
    for (const [path, code] of Object.entries(refusals)) {
      assertEquals((await rejection(() => store.readArtifact(A, path))).code, code, path);
    }
    assertEquals((await rejection(() => store.readArtifact(B, "x"))).code, "not_found");
    // A folder is none, but it is there.
    assertEquals((await rejection(() => store.readArtifact(old, "a"))).code, "io");
  });
});
