import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { dirname, join } from "@std/path";
import { Disk } from "../../lib/ticket/disk.ts";
import { readBody } from "../../lib/ticket/item.ts";
import { migrateRoot } from "../../lib/ticket/migrate.ts";
import { renamesOf } from "../../lib/ticket/_migrate_references.ts";
import { renameIds } from "../../lib/ticket/_migrate_ticket.ts";
import { ObjectiveStore } from "../../lib/ticket/objective_store.ts";
import { TicketStore } from "../../lib/ticket/store.ts";
import { TicketError } from "../../lib/ticket/ticket_error.ts";
import { TicketReader } from "../../lib/ticket/ticket_reader.ts";
import { relationsText } from "./_ticket_root.ts";
import { CORPUS, corpusItems, corpusRoot, hasCorpus } from "./_corpus.ts";

const QUOTED_V1 = `---
id: '20260529-010200-cache-index'
slug: 'cache-index'
title: 'Cache the index'
status: 'open'
kind: 'task'
priority: 'P1'
labels: ['speed', 'disk']
workflow_state: 'ready'
created_at: '2026-05-29T01:02:00Z'
updated_at: '2026-05-30T00:00:00Z'
assignee: null
team: 'core'   # keep me
---

## Background

Blocked by 20260529-010200-write-log, see there.
`;
const RAW_V1 = `---
id: 20260529-010200-write-log
slug: write-log
title: Log: write [once]
status: closed
created_at: 2026-05-29T01:02:00Z
updated_at: 2026-05-29T01:02:00Z
assignee: null
legacy_ticket: tickets/write-log.md
---
No blank line before this.`;
const V2 = `---
title: "Fast list"
state: "queued"
created_at: "2026-06-08T01:56:30Z"
updated_at: "2026-06-08T01:56:30Z"
attention_required: "look"
---

Body.
`;
const V3 = `---
title: 'Newest'
state: 'planning'
created_at: '2026-06-10T00:00:00Z'
updated_at: '2026-06-10T00:00:00Z'
assignee: null
---

Body.
`;
const THREAD = `<!-- event: comment author: alice at: 2026-05-29T01:02:00Z -->

## Comment

About 20260608-015630-001.

---
`;
const RELATIONS = `{
  "version": 1,
  "relations": [
    {
      "ticket_id": "20260608-015630-001",
      "kind": "depends_on",
      "target": "20260529-010200-cache-index",
      "note": "was \\"target\\": \\"20260529-010200-cache-index\\"",
      "author": "alice",
      "at": "2026-06-08T01:56:30Z"
    }
  ]
}
`;
const PLAN = '{"id":"orch-plan-20260610-000000-1","ticket_id":"00001KTJF465G","kind":"after",' +
  '"related_ticket":"20260608-015630-001","author":"alice","at":"2026-06-10T00:00:00Z"}\n';
const OBJECTIVE = `---
title: "Faster"
state: "active"
created_at: "2026-06-09T00:00:00Z"
updated_at: "2026-06-09T00:00:00Z"
linked_tickets: ["20260608-015630-001"]
---

Prose about 20260608-015630-001.
`;
const FIRST = "00001KSRM16T0";
const SECOND = "00001KSRM16T1";
/** The computed one is taken by the newest. */
const THIRD = "00001KTJF465H";
const NEWEST = "00001KTJF465G";

Deno.test("migrateRoot: a mixed root becomes one of v3 and loses nothing", async () => {
  await using sample = await Sample.create();
  const report = await migrateRoot(new Disk(sample.root), { objectivesRoot: sample.objectives });
  assertEquals(report.problems, []);
  assertEquals(report.tickets, [
    { from: "20260529-010200-cache-index", to: FIRST, generation: "v1" },
    { from: "20260529-010200-write-log", to: SECOND, generation: "v1" },
    { from: "20260608-015630-001", to: THIRD, generation: "v2" },
  ]);
  assertEquals(await sample.names(), [".ticket-ids.json", FIRST, SECOND, NEWEST, THIRD]);
  assertEquals(
    await sample.read(`${FIRST}/item.md`),
    QUOTED_V1.replace(/^(id|slug|status|kind|labels|workflow_state): .*\n/gm, "")
      .replace("# keep me\n", "# keep me\nstate: 'ready'\n"),
  );
  assertEquals(
    await sample.read(`${SECOND}/item.md`),
    "---\ntitle: 'Log: write [once]'\ncreated_at: '2026-05-29T01:02:00Z'\n" +
      "updated_at: '2026-05-29T01:02:00Z'\nassignee: null\nstate: 'closed'\n---\n" +
      "No blank line before this.",
  );
  assertEquals(await sample.read(`${THIRD}/item.md`), V2.replace(/^attention.*\n/m, ""));
  assertEquals(await sample.read(`${THIRD}/thread.md`), THREAD);
  const { digest, ...legacy } = JSON.parse(
    await sample.read(`${FIRST}/artifacts/legacy-frontmatter.json`),
  );
  assertMatch(digest, /^[0-9a-f]{64}$/);
  assertEquals(legacy, {
    generation: "v1",
    id: "20260529-010200-cache-index",
    bucket: "open",
    missing: [],
    frontmatter: {
      id: "20260529-010200-cache-index",
      slug: "cache-index",
      status: "open",
      kind: "task",
      labels: ["speed", "disk"],
      workflow_state: "ready",
    },
  });
  assertEquals(
    await Deno.readFile(join(sample.root, FIRST, "artifacts/deep/picture.bin")),
    Uint8Array.of(0, 255, 10, 13),
  );
});

Deno.test("migrateRoot: structured references are renamed, prose is not", async () => {
  await using sample = await Sample.create();
  await migrateRoot(new Disk(sample.root), { objectivesRoot: sample.objectives });
  const relations = JSON.parse(await sample.read(`${THIRD}/artifacts/relations.json`)).relations;
  assertEquals(relations, [{
    ticket_id: THIRD,
    kind: "depends_on",
    target: FIRST,
    note: 'was "target": "20260529-010200-cache-index"',
    author: "alice",
    at: "2026-06-08T01:56:30Z",
  }]);
  const plan = await sample.read(`${NEWEST}/artifacts/orchestration-plan.jsonl`);
  assertEquals(JSON.parse(plan).related_ticket, THIRD);
  const objective = await Deno.readTextFile(join(sample.objectives, FIRST, "item.md"));
  assert(objective.includes(`linked_tickets: ["${THIRD}"]`));
  assert(objective.includes("Prose about 20260608-015630-001."));
  const reader = new TicketReader(sample.root);
  assertEquals((await reader.show(await reader.resolveId("cache-index"))).id, FIRST);
  assertEquals(await reader.resolveId("20260608-015630-001"), THIRD);
});

Deno.test("migrateRoot: a dry run tells everything and changes nothing", async () => {
  await using sample = await Sample.create();
  const before = await linesOfTree(sample.folder);
  const dry = await migrateRoot(new Disk(sample.root), {
    objectivesRoot: sample.objectives,
    dryRun: true,
  });
  assertEquals(await linesOfTree(sample.folder), before);
  const real = await migrateRoot(new Disk(sample.root), { objectivesRoot: sample.objectives });
  assertEquals(dry.changes, real.changes);
  const again = await migrateRoot(new Disk(sample.root), { objectivesRoot: sample.objectives });
  assertEquals([again.tickets, again.changes, again.problems], [[], [], []]);
});

Deno.test("migrateRoot: interrupted at any write, the same command finishes it", async () => {
  const whole = await (async () => {
    await using sample = await Sample.create();
    await migrateRoot(new Disk(sample.root), { objectivesRoot: sample.objectives });
    return await linesOfTree(sample.folder);
  })();
  for (let fatal = 1;; fatal++) {
    await using sample = await Sample.create();
    let steps = 0;
    const onWrite = () => {
      if (++steps === fatal) throw new Crash();
    };
    const options = { objectivesRoot: sample.objectives };
    const isWhole = await migrateRoot(new Disk(sample.root, { onWrite }), options).then(
      () => true,
      (error) => {
        if (error instanceof Crash) return false;
        throw error;
      },
    );
    const reader = new TicketReader(sample.root);
    const { tickets, problems } = await reader.list({ limit: Infinity });
    assertEquals(problems, [], `after a crash at step ${fatal}`);
    const titles = new Set(tickets.map(({ title }) => title));
    assertEquals(titles.size, 4, `a ticket is missing after a crash at step ${fatal}`);
    await migrateRoot(new Disk(sample.root), options);
    assertEquals(await linesOfTree(sample.folder), whole, `after a crash at step ${fatal}`);
    if (isWhole) break;
  }
});

Deno.test("migrateRoot: what was written between an interruption and the end is there afterwards", async () => {
  const refusals = { writer: 0, doctor: 0 };
  for (let fatal = 1;; fatal++) {
    await using sample = await Sample.create();
    let steps = 0;
    const onWrite = () => {
      if (++steps === fatal) throw new Crash();
    };
    const crashing = migrateRoot(new Disk(sample.root, { onWrite, durable: false }), {});
    const isWhole = await crashing.then(() => true, () => false);
    const store = TicketStore.open(sample.root, { durable: false, author: "alice" });
    const acknowledged: string[] = [];
    for (const { id } of (await store.list({ limit: Infinity })).tickets) {
      const body = `written to ${id}`;
      try {
        await store.comment(id, { body });
        acknowledged.push(body);
      } catch (error) {
        assert(error instanceof TicketError && error.code === "conflict", String(error));
        assertStringIncludes(error.message, "yoi ticket migrate");
        refusals.writer++;
      }
    }
    const { diagnostics } = await store.doctor();
    refusals.doctor += diagnostics.filter(({ code }) => code === "migration_unfinished").length;
    assertEquals((await store.migrate()).problems, [], `after a crash at step ${fatal}`);
    const { events } = await store.log({ limit: Infinity });
    const bodies = new Set(events.map(({ body }) => body));
    const lost = acknowledged.filter((body) => !bodies.has(body));
    assertEquals(lost, [], `after a crash at step ${fatal}`);
    if (isWhole) break;
  }
  assert(refusals.writer > 0, "no crash left a ticket twice");
  assertEquals(refusals.doctor, refusals.writer);
});

Deno.test("migrateRoot: an old folder that differs from what was made of it stays", async () => {
  await using sample = await Sample.create();
  const old = "20260608-015630-001";
  const kept = await Deno.makeTempDir();
  await copyFolder(join(sample.root, old), join(kept, old));
  const disk = new Disk(sample.root);
  await migrateRoot(disk, {});
  await copyFolder(join(kept, old), join(sample.root, old));
  await Deno.remove(kept, { recursive: true });
  await Deno.writeTextFile(join(sample.root, old, "thread.md"), "By hand.\n", { append: true });

  const { tickets, problems } = await migrateRoot(disk, {});
  assertEquals([tickets, problems.map(({ path }) => path)], [[], [old]]);
  assertStringIncludes(problems[0]!.reason, `${THIRD} was made of this ticket`);
  const { diagnostics } = await TicketStore.open(sample.root).doctor();
  const unfinished = diagnostics.find(({ code }) => code === "migration_unfinished");
  assertStringIncludes(unfinished?.message ?? "", "or says that this folder has changed since");
  await Deno.writeTextFile(join(sample.root, old, "thread.md"), THREAD);
  assertEquals((await migrateRoot(disk, {})).problems, []);
  assertEquals((await TicketStore.open(sample.root).list()).total, 4);
});

Deno.test("migrateRoot: of two folders with one id the second stays, however often it is run", async () => {
  await using sample = await Sample.create();
  const id = "20260529-010200-cache-index";
  await copyFolder(join(sample.root, "open", id), join(sample.root, "closed", id));
  const path = join(sample.root, "closed", id, "item.md");
  await Deno.writeTextFile(path, `${QUOTED_V1}Only here.\n`);
  for (let run = 0; run < 3; run++) {
    const { changes, problems } = await migrateRoot(new Disk(sample.root), {});
    assert(problems.some(({ path }) => path === `closed/${id}`), `run ${run}`);
    assertStringIncludes(await Deno.readTextFile(path), "Only here.");
    if (run > 0) assertEquals(changes, []);
  }
});

Deno.test("migrateRoot: a v1 ticket with the id of a v2 one gets an id of its own", async () => {
  await using sample = await Sample.create();
  const id = "20260608-015630-001";
  const folder = `closed/${id}`;
  const relations = RELATIONS.replace("20260529-010200-cache-index", NEWEST);
  await writeText(join(sample.root, folder, "item.md"), RAW_V1.replace(/^(id|slug).*\n/gm, ""));
  await writeText(join(sample.root, folder, "artifacts/relations.json"), relations);
  const store = TicketStore.open(sample.root, { durable: false, author: "alice" });
  const before = (await store.doctor()).diagnostics.find(({ code }) => code === "duplicate_id");
  assertStringIncludes(before!.message, "with `yoi ticket migrate` each gets an id of its own");
  const dry = await store.migrate({ dryRun: true });
  assertEquals(dry.problems, []);
  assertEquals(dry.changes.find(({ path }) => path === folder)?.action, "move");
  const progress: string[] = [];
  const { tickets, problems, changes } = await store.migrate({
    onProgress: (done, total) => progress.push(`${done}/${total}`),
  });
  assertEquals(progress, ["1/3", "2/3", "3/3", "4/4"]);
  assertEquals(changes.filter(({ path }) => path === ".ticket-ids.json").length, 1);
  const own = "00001KTJF465J";
  assertEquals(tickets.slice(0, -1), dry.tickets);
  assertEquals(tickets.at(-1), { from: id, to: own, generation: "v1" });
  assertEquals(problems, []);
  assertEquals((await store.show(own)).relations.outgoing[0]?.target, NEWEST);
  const map = JSON.parse(await sample.read(".ticket-ids.json"));
  assertEquals([map.ids[id], map.shared], [THIRD, { [id]: [THIRD, own] }]);
  const ambiguous = await assertRejects(() => store.show(id), TicketError, "it could be");
  assertStringIncludes(ambiguous.message, `${THIRD}, ${own}`);
  await assertRejects(
    () => store.relate(NEWEST, { kind: "related", target: id }),
    TicketError,
    `it could be ${THIRD}, ${own}`,
  );
  assertEquals((await store.migrate()).changes, []);
});

Deno.test("migrateRoot: interrupted at any write, a v1 ticket with the id of a v2 one keeps its own", async () => {
  const id = "20260608-015630-001";
  const wholes = new Set<string>();
  for (let fatal = 1;; fatal++) {
    await using sample = await Sample.create();
    await writeText(join(sample.root, `closed/${id}/item.md`), RAW_V1);
    let steps = 0;
    const onWrite = () => {
      if (++steps === fatal) throw new Crash();
    };
    const crashing = migrateRoot(new Disk(sample.root, { onWrite, durable: false }), {});
    const isWhole = await crashing.then(() => true, () => false);
    const { problems } = await migrateRoot(new Disk(sample.root, { durable: false }), {});
    assertEquals(problems, [], `after a crash at step ${fatal}`);
    wholes.add((await linesOfTree(sample.folder)).join("\n"));
    if (isWhole) break;
  }
  assertEquals(wholes.size, 1);
});

Deno.test("migrateRoot: of a v1 id in two buckets it says that both tickets have it", async () => {
  await using sample = await Sample.create();
  const id = "20260529-010200-cache-index";
  await copyFolder(join(sample.root, "open", id), join(sample.root, "closed", id));
  const store = TicketStore.open(sample.root, { durable: false, author: "alice" });
  await store.migrate();
  const { problems } = await store.migrate();
  const { reason } = problems.find(({ path }) => path === `closed/${id}`)!;
  assertStringIncludes(reason, `two tickets have the id ${id}, and the other one has become`);
  const { diagnostics } = await store.doctor();
  const found = diagnostics.find(({ code }) => code === "duplicate_id");
  assertEquals(found?.path, `${sample.root}/closed/${id}`);
  assertStringIncludes(found!.message, `has become ${FIRST}`);
  await store.comment(id, { body: "Not the one that was migrated." });
});

Deno.test("migrateRoot: whatever has the name of a new id, the next free one is taken", async () => {
  for (const kind of ["empty folder", "folder", "file", "link"]) {
    await using sample = await Sample.create();
    const path = join(sample.root, FIRST);
    if (kind === "file") await Deno.writeTextFile(path, "");
    else if (kind === "link") await Deno.symlink("/nowhere", path);
    else await Deno.mkdir(join(path, kind === "folder" ? "artifacts" : ""), { recursive: true });
    const store = TicketStore.open(sample.root);
    const ids = new Map<string, string | null>();
    for (const { id } of (await store.list()).tickets) ids.set(id, (await store.show(id)).v3Id);
    const { tickets, problems } = await store.migrate();
    assertEquals(problems.filter(({ path }) => path !== FIRST), [], kind);
    assertEquals(tickets.length, 3);
    for (const { from, to } of tickets) assertEquals(ids.get(from), to, `${kind}: ${from}`);
    assert(!tickets.some(({ to }) => to === FIRST), kind);
  }
});

Deno.test("TicketReader.show() tells the id that an interrupted migration has given", async () => {
  await using sample = await Sample.create();
  const old = "20260608-015630-001";
  await migrateRoot(new Disk(sample.root, { durable: false }), {});
  await Deno.mkdir(join(sample.root, old));
  await Deno.writeTextFile(join(sample.root, old, "item.md"), V2);
  assertEquals((await new TicketReader(sample.root).show(old)).v3Id, THIRD);
});

Deno.test("TicketStore.relate() takes an id from before a migration, and stores the one of today", async () => {
  await using sample = await Sample.create();
  const store = TicketStore.open(sample.root, { durable: false, author: "alice" });
  await store.migrate();
  const relation = await store.relate(NEWEST, {
    kind: "depends_on",
    target: "20260529-010200-cache-index",
  });
  assertEquals(relation.target, FIRST);
  assertEquals(
    (await store.show(NEWEST)).relations.blockers.map(({ blockingTicket }) => blockingTicket),
    [FIRST],
  );
  await store.unrelate(NEWEST, { kind: "depends_on", target: FIRST });
});

Deno.test("TicketStore.relate() takes a slug from before a migration, and stores the id of today", async () => {
  await using sample = await Sample.create();
  const store = TicketStore.open(sample.root, { durable: false, author: "alice" });
  // Where no key says it, the slug is a part of the id.
  const path = join(sample.root, "closed/20260529-010200-write-log/item.md");
  await Deno.writeTextFile(path, RAW_V1.replace(/^slug.*\n/m, ""));
  for (const round of ["before", "after"]) {
    if (round === "after") await store.migrate();
    for (const [slug, id] of [["cache-index", FIRST], ["write-log", SECOND]] as const) {
      const { target } = await store.relate(NEWEST, { kind: "depends_on", target: slug });
      assertEquals(target, round === "after" ? id : `20260529-010200-${slug}`);
      await store.unrelate(NEWEST, { kind: "depends_on", target: slug });
    }
  }
});

Deno.test("migrateRoot: references by unambiguous slugs are renamed, and resolve before that", async () => {
  await using sample = await Sample.create();
  const relations = relationsText(NEWEST, [["depends_on", "cache-index"], ["related", "both"]]);
  const path = join(sample.root, NEWEST, "artifacts/relations.json");
  const plans = join(sample.root, NEWEST, "artifacts/orchestration-plan.jsonl");
  const objective = join(sample.objectives, FIRST, "item.md");
  const links = `[both, cache-index, "20260608-015630-001"]`;
  const write = async () => {
    await Deno.writeTextFile(path, relations);
    await Deno.writeTextFile(plans, PLAN.replace("20260608-015630-001", "write-log"));
    await Deno.writeTextFile(objective, OBJECTIVE.replace(/\[.*\]/, links));
  };
  const store = TicketStore.open(sample.root, {
    objectivesRoot: sample.objectives,
    durable: false,
    author: "alice",
  });
  const objectives = ObjectiveStore.open(sample.objectives, { ticketRoot: sample.root });
  for (const folder of ["open/20260601-000000-both", "closed/20260601-000000-both-17"]) {
    const text = QUOTED_V1.replace(/^slug.*$/m, "slug: 'both'");
    await writeText(join(sample.root, folder, "item.md"), text);
  }
  const readTargets = async () =>
    (await store.relations(NEWEST)).relations.map(({ target }) => target);

  for (const present of ["20260529-010200-cache-index", FIRST]) {
    await write();
    assertEquals(await readTargets(), [present, "both"]);
    const incoming = (await store.relations(present)).relations;
    assert(incoming.some(({ ticketId }) => ticketId === NEWEST));
    const { diagnostics } = await store.doctor();
    const messages = diagnostics.filter(({ code }) => code === "relation_target_missing")
      .map(({ message }) => message);
    assertStringIncludes(messages[0]!, `names ${present} by an old id or a slug`);
    assertStringIncludes(messages[1]!, "names several tickets, it could be");
    assertEquals(diagnostics.filter(({ code }) => code === "plan_unknown_ticket"), []);
    const found = (await objectives.doctor()).diagnostics
      .filter(({ code }) => code.endsWith("_link"));
    assertEquals(found.map(({ code }) => code), ["bad_link", "old_link"]);
    assertStringIncludes(found[0]!.message, '"both"');
    assertStringIncludes(found[1]!.message, '"cache-index", "20260608-015630-001"');
    await store.migrate();
  }
  assertEquals(JSON.parse(await Deno.readTextFile(path)).relations[0].target, FIRST);
  assertEquals(await Deno.readTextFile(path), relations.replace("cache-index", FIRST));
  assertEquals(JSON.parse(await Deno.readTextFile(plans)).related_ticket, SECOND);
  assertStringIncludes(await Deno.readTextFile(objective), `[both, ${FIRST}, "${THIRD}"]`);
});

Deno.test("migrateRoot: two names of one ticket never make a file of relations unreadable", async () => {
  await using sample = await Sample.create();
  const path = join(sample.root, NEWEST, "artifacts/relations.json");
  const twice = relationsText(NEWEST, [
    ["depends_on", "20260529-010200-cache-index"],
    ["depends_on", "cache-index"],
  ]);
  await Deno.writeTextFile(path, twice);
  const store = TicketStore.open(sample.root, { durable: false, author: "alice" });
  await store.migrate();
  const once = twice.replace("20260529-010200-cache-index", FIRST);
  assertEquals(await Deno.readTextFile(path), once);
  const { diagnostics } = await store.doctor();
  const found = diagnostics.filter(({ severity }) => severity === "error");
  assertEquals(found.map(({ code }) => code), ["relation_target_missing"]);
  assertStringIncludes(found[0]!.message, `also there under another name of ${FIRST}`);
  await store.unrelate(NEWEST, { kind: "depends_on", target: "cache-index" });
  assertEquals((await store.doctor()).ok, true);
});

Deno.test("migrateRoot leaves relations that would become the same, and says so", async () => {
  await using sample = await Sample.create();
  const old = "20260608-015630-001";
  const texts = new Map([
    [
      join(sample.root, NEWEST),
      relationsText(NEWEST, [["depends_on", old], ["depends_on", THIRD]]),
    ],
    [join(sample.root, old), relationsText(old, [["related", NEWEST], ["related", THIRD]])],
  ]);
  for (const [folder, text] of texts) {
    await Deno.mkdir(join(folder, "artifacts"), { recursive: true });
    await Deno.writeTextFile(join(folder, "artifacts/relations.json"), text);
  }
  const { problems } = await migrateRoot(new Disk(sample.root, { durable: false }), {});
  assertEquals(problems.length, 2);
  for (const { reason } of problems) assertStringIncludes(reason, "both become the same");
  for (const [folder, text] of texts) {
    assertEquals(await Deno.readTextFile(join(folder, "artifacts/relations.json")), text);
  }
});

Deno.test("renamesOf() knows slugs that mean one ticket that there is, and ids before slugs", () => {
  const map = {
    ids: new Map([["old", FIRST], ["two", FIRST], ["name", FIRST]]),
    shared: new Map([["two", [FIRST, SECOND]]]),
    slugs: new Map([
      ["one", [FIRST, "00001KSRM16T9"]],
      ["both", [FIRST, SECOND]],
      ["name", [SECOND]],
      ["gone", ["00001KSRM16T9"]],
      ["stays", [SECOND]],
    ]),
  };
  const { ids, names } = renamesOf(map, new Set([FIRST, SECOND]), new Set(["stays"]));
  assertEquals([...ids], [["old", FIRST], ["name", FIRST]]);
  assertEquals([...names], [["one", FIRST], ["old", FIRST], ["name", FIRST]]);
});

Deno.test("TicketStore.relate() knows a target by both of its ids", async () => {
  await using sample = await Sample.create();
  const store = TicketStore.open(sample.root, { durable: false, author: "alice" });
  const old = "20260608-015630-001";
  await store.relate(NEWEST, { kind: "related", target: old });
  // The relation is not rewritten yet when the ticket has its new id.
  const path = join(sample.root, NEWEST, "artifacts/relations.json");
  const before = await Deno.readTextFile(path);
  await store.migrate();
  await Deno.writeTextFile(path, before);
  const error = await assertRejects(
    () => store.relate(NEWEST, { kind: "related", target: THIRD }),
    TicketError,
  );
  assertStringIncludes(error.message, "already");
  await store.migrate();
  assertEquals((await store.doctor()).ok, true);
});

Deno.test("migrateRoot: a new id that something else has taken is a problem, told before as after", async () => {
  await using sample = await Sample.create();
  await migrateRoot(new Disk(sample.root, { durable: false }), {});
  const old = "20260608-015630-001";
  await Deno.mkdir(join(sample.root, old));
  await Deno.writeTextFile(join(sample.root, old, "item.md"), V2);
  await Deno.remove(join(sample.root, THIRD, "artifacts/legacy-frontmatter.json"));
  const told = [];
  for (const dryRun of [true, false, false]) {
    const { problems, tickets } = await migrateRoot(new Disk(sample.root), { dryRun });
    assertEquals(tickets, []);
    told.push(problems);
  }
  assertStringIncludes(told[0]![0]!.reason, "is taken by something else");
  assertEquals([told[1], told[2]], [told[0], told[0]]);
  const names = await Array.fromAsync(Deno.readDir(sample.root), ({ name }) => name);
  assertEquals(names.filter((name) => name.endsWith(".new")), []);
});

Deno.test("migrateRoot: an old folder of which only a file like .gitkeep has changed stays", async () => {
  await using sample = await Sample.create();
  const old = "20260608-015630-001";
  const path = join(sample.root, old, "artifacts/a.gitkeep");
  await Deno.writeTextFile(path, "one");
  const kept = await Deno.makeTempDir();
  await copyFolder(join(sample.root, old), join(kept, old));
  await migrateRoot(new Disk(sample.root, { durable: false }), {});
  await copyFolder(join(kept, old), join(sample.root, old));
  await Deno.remove(kept, { recursive: true });
  await Deno.writeTextFile(path, "two");
  const { problems } = await migrateRoot(new Disk(sample.root), {});
  assertEquals(problems.map(({ path }) => path), [old]);
  assertEquals(await Deno.readTextFile(path), "two");
});

Deno.test("migrateRoot: a ticket that cannot be moved does not stop the others", async () => {
  const old = "20260608-015630-001";
  const spoil: Record<string, (folder: string) => Promise<void>> = {
    "relations that are no UTF-8": (folder) =>
      Deno.writeFile(join(folder, "artifacts/relations.json"), Uint8Array.of(0xff)),
    "a plan that is too large": (folder) => {
      const path = join(folder, "artifacts/orchestration-plan.jsonl");
      return Deno.writeTextFile(path, "").then(() => Deno.truncate(path, 20 * 1024 * 1024));
    },
    "a name that is no UTF-8": async (folder) => {
      const script = 'd="$1/artifacts/$(printf "caf\\351")"; mkdir "$d" && touch "$d/log.txt"';
      const { success } = await new Deno.Command("sh", { args: ["-c", script, "sh", folder] })
        .output();
      assert(success);
    },
  };
  for (const [name, work] of Object.entries(spoil)) {
    await using sample = await Sample.create();
    await work(join(sample.root, old));
    const { tickets, problems } = await migrateRoot(new Disk(sample.root, { durable: false }), {});
    assertEquals(tickets.length, 2, name);
    assert(problems.some(({ path }) => path.startsWith(old)), name);
    assert((await Deno.lstat(join(sample.root, old))).isDirectory, name);
  }
});

Deno.test("migrateRoot: artifacts may be larger than what is read", async () => {
  await using sample = await Sample.create();
  const old = join(sample.root, "20260608-015630-001");
  const size = 17 * 1024 * 1024 + 1;
  const write = async (last: string) => {
    await Deno.writeTextFile(join(old, "artifacts/log.txt"), "x");
    await Deno.truncate(join(old, "artifacts/log.txt"), size - 1);
    await Deno.writeTextFile(join(old, "artifacts/log.txt"), last, { append: true });
  };
  await write("a");
  const kept = await Deno.makeTempDir();
  await copyFolder(old, kept);
  const disk = new Disk(sample.root, { durable: false });
  assertEquals((await migrateRoot(disk, {})).problems, []);
  assertEquals((await Deno.lstat(join(sample.root, THIRD, "artifacts/log.txt"))).size, size);
  // The last byte of many counts when the old folder comes back.
  await copyFolder(kept, old);
  await Deno.remove(kept, { recursive: true });
  await write("b");
  assertEquals((await migrateRoot(disk, {})).problems.length, 1);
  await write("a");
  assertEquals((await migrateRoot(disk, {})).problems, []);
});

Deno.test("migrateRoot: the older name of risk flags becomes the newer one", async () => {
  await using sample = await Sample.create();
  const folder = "open/20260601-000000-risky";
  await Deno.mkdir(join(sample.root, folder));
  const text = QUOTED_V1.replace("assignee: null\n", "risks: ['io', 'format']\n")
    .replaceAll("20260529-010200-cache-index", "20260601-000000-risky");
  await Deno.writeTextFile(join(sample.root, folder, "item.md"), text);
  const { tickets } = await migrateRoot(new Disk(sample.root), {});
  const { to } = tickets.find(({ from }) => from === "20260601-000000-risky")!;
  const { frontmatter } = await TicketStore.open(sample.root).show(to);
  assertEquals([frontmatter.risk_flags, frontmatter.risks], [["io", "format"], ["io", "format"]]);
});

Deno.test("migrateRoot: keys that an old ticket did without are no error afterwards", async () => {
  await using sample = await Sample.create();
  const bare = /^(title|created_at|updated_at): .*\n/gm;
  for (
    const [folder, text] of [
      ["20260608-015630-001", V2],
      ["open/20260529-010200-cache-index", QUOTED_V1],
      ["closed/20260529-010200-write-log", RAW_V1],
    ] as const
  ) await Deno.writeTextFile(join(sample.root, folder, "item.md"), text.replace(bare, ""));
  const store = TicketStore.open(sample.root, { durable: false });
  const readSeverities = async () =>
    (await store.doctor()).diagnostics.filter(({ code }) => code === "required_key_missing")
      .map(({ severity }) => severity);
  assertEquals(await readSeverities(), Array(9).fill("warning"));
  const { tickets: map, problems } = await store.migrate();
  assertEquals(problems, []);
  assertEquals(await readSeverities(), Array(9).fill("warning"));
  assertEquals((await store.doctor()).ok, true);
  // What there was is asked for, and so is the state, which a migration always writes.
  for (const { to } of map) {
    const path = join(sample.root, to, "item.md");
    await Deno.writeTextFile(path, (await Deno.readTextFile(path)).replace(/^state: .*\n/m, ""));
  }
  assertEquals((await readSeverities()).filter((one) => one === "error").length, 3);
  // Where nobody wrote down what was missing, that is nobody's fault.
  for (const { to } of map) {
    const path = join(sample.root, to, "artifacts/legacy-frontmatter.json");
    const { missing: _, ...legacy } = JSON.parse(await Deno.readTextFile(path));
    await Deno.writeTextFile(path, JSON.stringify(legacy));
  }
  assertEquals((await readSeverities()).filter((one) => one === "error").length, 3);
  // Of a ticket that was always new they are asked for.
  await Deno.writeTextFile(join(sample.root, NEWEST, "item.md"), V3.replace(bare, ""));
  assertEquals((await readSeverities()).filter((one) => one === "error").length, 6);
});

Deno.test("migrateRoot: values that leave the frontmatter keep what is written", async () => {
  await using sample = await Sample.create();
  const old = "20260608-015630-001";
  const obsolete = [
    "id: 12345678901234567890",
    "slug: 0x1F",
    "kind: &version 1.10 # of the schema",
    "status: 'open'",
    "action_required: 1e400",
    "attention_required: *version",
    "legacy_ticket: 7",
    "needs_preflight: true",
    "needs-preflight: ~",
  ];
  const text = V2.replace(/^attention.*$/m, obsolete.join("\n"));
  await Deno.writeTextFile(join(sample.root, old, "item.md"), text);
  assertEquals((await migrateRoot(new Disk(sample.root), {})).problems, []);
  const legacy = await sample.read(`${THIRD}/artifacts/legacy-frontmatter.json`);
  assertEquals(JSON.parse(legacy).frontmatter, {
    id: "12345678901234567890",
    slug: "0x1F",
    status: "open",
    kind: "1.10",
    action_required: "1e400",
    attention_required: "1.10",
    legacy_ticket: 7,
    needs_preflight: true,
    "needs-preflight": null,
  });
});

Deno.test("migrateRoot: what gets no id, or has an artifact of a migration's own name, stays", async () => {
  await using sample = await Sample.create();
  const impossible = "20261399-010101-001";
  await writeText(join(sample.root, impossible, "item.md"), V2);
  const named = "20260608-015630-001";
  await writeText(join(sample.root, named, "artifacts/legacy-frontmatter.json"), "mine");
  const { tickets, problems } = await migrateRoot(new Disk(sample.root), {});
  assertEquals(tickets.map(({ to }) => to), [FIRST, SECOND]);
  const reasons = new Map(problems.map(({ path, reason }) => [path, reason]));
  assertStringIncludes(reasons.get(impossible) ?? "", "its id holds no time");
  assertStringIncludes(reasons.get(named) ?? "", "has the name of one that a migration writes");
  assertEquals(await sample.read(`${named}/artifacts/legacy-frontmatter.json`), "mine");
});

Deno.test("migrateRoot: an unknown state of v1 that gives way to the real one is kept", async () => {
  const states: readonly [line: string, kept: unknown][] = [
    ["state: half done", "half done"],
    ["state: 1.10", "1.10"],
    ["state: [a, b]", ["a", "b"]],
    ["state: 'ready'", undefined],
  ];
  for (const [line, kept] of states) {
    await using sample = await Sample.create();
    const path = join(sample.root, "open/20260529-010200-cache-index/item.md");
    await Deno.writeTextFile(path, QUOTED_V1.replace("assignee: null", line));
    assertEquals((await migrateRoot(new Disk(sample.root), {})).problems, [], line);
    const legacy = JSON.parse(await sample.read(`${FIRST}/artifacts/legacy-frontmatter.json`));
    assertEquals(legacy.frontmatter.state, kept, line);
    const { state } = await TicketStore.open(sample.root).show(FIRST);
    assertEquals(state, "ready");
  }
});

Deno.test("migrateRoot: an unknown state of the raw dialect is kept", async () => {
  await using sample = await Sample.create();
  const path = join(sample.root, "closed/20260529-010200-write-log/item.md");
  await Deno.writeTextFile(path, RAW_V1.replace("assignee: null", "state: odd: one"));
  await migrateRoot(new Disk(sample.root), {});
  const legacy = JSON.parse(await sample.read(`${SECOND}/artifacts/legacy-frontmatter.json`));
  assertEquals(legacy.frontmatter.state, "odd: one");
});

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(join(from, name), join(to, name));
    else await Deno.copyFile(join(from, name), join(to, name));
  }
}

Deno.test("migrateRoot: what cannot be read stays where it is and is named", async () => {
  await using sample = await Sample.create();
  await Deno.mkdir(join(sample.root, "open/20260601-000000-broken"));
  await Deno.writeTextFile(join(sample.root, "open/20260601-000000-broken/item.md"), "no fence");
  const report = await migrateRoot(new Disk(sample.root), {});
  assertEquals(report.tickets.length, 3);
  const [broken, ...others] = report.problems;
  assertEquals(broken?.path, "open/20260601-000000-broken/item.md");
  assertStringIncludes(broken?.reason ?? "", "the first line has to be exactly");
  assertEquals(others.map(({ path }) => path), ["open"]);
  assertEquals(await sample.read("open/20260601-000000-broken/item.md"), "no fence");
});

Deno.test("migrateRoot: a ticket that holds a link keeps its folder, and so the link", async () => {
  await using sample = await Sample.create();
  const old = "20260608-015630-001";
  await Deno.rename(join(sample.root, old, "thread.md"), join(sample.root, old, "other.md"));
  await Deno.symlink("other.md", join(sample.root, old, "thread.md"));
  const report = await migrateRoot(new Disk(sample.root), {});
  assertEquals(report.problems, [
    { path: `${old}/thread.md`, reason: "a symbolic link, and links are not followed" },
  ]);
  assertEquals(await sample.read(`${old}/thread.md`), THREAD);
});

Deno.test("migrateRoot: a name with a backslash keeps its ticket where it is, and no other one", async () => {
  await using sample = await Sample.create();
  const old = "20260608-015630-001";
  const odd = ["a\\b.txt", "c\\d/e.txt"];
  await Deno.mkdir(join(sample.root, old, "artifacts/c\\d"));
  for (const name of odd) await Deno.writeTextFile(join(sample.root, old, "artifacts", name), "x");
  const folder = "open/20260608-015631-f\\g";
  await copyFolder(
    join(sample.root, "open/20260529-010200-cache-index"),
    join(sample.root, folder),
  );
  const disk = new Disk(sample.root, { durable: false });
  const planned = await migrateRoot(disk, { dryRun: true });
  const { tickets, problems } = await migrateRoot(disk, {});
  assertEquals(problems, [
    ...[...odd.map((name) => `${old}/artifacts/${name}`), folder].map((path) => ({
      path,
      reason: "its name holds a backslash: give it another one",
    })),
    { path: "open", reason: "not empty: 1 of its entries could not be migrated" },
  ]);
  assertEquals(planned.problems, problems);
  assertEquals(tickets.length, 2);
  assertEquals(await sample.read(`${old}/artifacts/${odd[0]}`), "x");
});

Deno.test("migrateRoot: an objective whose name holds a backslash stays as it is, and is named", async () => {
  await using sample = await Sample.create();
  await copyFolder(join(sample.objectives, FIRST), join(sample.objectives, "a\\b"));
  const { tickets, problems } = await migrateRoot(new Disk(sample.root, { durable: false }), {
    objectivesRoot: sample.objectives,
  });
  assertEquals([tickets.length, problems], [3, [
    { path: "a\\b", reason: "ticket conflict: its name holds a backslash: give it another one" },
  ]]);
  assertEquals(await textAt(join(sample.objectives, "a\\b", "item.md")), OBJECTIVE);
});

Deno.test("TicketStore.migrate() of a root that does not exist makes none", async () => {
  const folder = await Deno.makeTempDir();
  const report = await TicketStore.open(join(folder, "none")).migrate();
  assertEquals(report, { dryRun: false, tickets: [], changes: [], problems: [] });
  // Fails unless the folder is empty.
  await Deno.remove(folder);
});

Deno.test("renameIds: an id written with escapes is the same id", () => {
  const ids = new Map([["20260529-010200-é", FIRST]]);
  const text = String
    .raw`{"target":"20260529\u002d010200-\u00e9","note":"\u00e9","ticket_id":"\q"}`;
  assertEquals(
    renameIds(text, ids),
    String.raw`{"target":"${FIRST}","note":"\u00e9","ticket_id":"\q"}`,
  );
});

Deno.test("renameIds: only members that name tickets change, in damaged files too", () => {
  const ids = new Map([["old", "new"]]);
  assertEquals(
    renameIds(
      '{"ticket_id":"old", "note":"\\"target\\": \\"old\\"", "target" : "old", "id":"old"',
      ids,
    ),
    '{"ticket_id":"new", "note":"\\"target\\": \\"old\\"", "target" : "new", "id":"old"',
  );
});

Deno.test({
  name:
    "migrateRoot: corpus: ids, threads and bodies are as they should be (needs ../shared/corpus)",
  ignore: !hasCorpus,
  async fn() {
    const items = await corpusItems();
    for (const generation of ["v1", "v2", "v3"] as const) {
      await using copy = await Sample.copyOf(generation);
      const report = await migrateRoot(new Disk(copy.root, { durable: false }), {});
      assertEquals(report.problems, []);
      const { tickets, problems } = await new TicketReader(copy.root).list({ limit: Infinity });
      assertEquals(problems, []);
      const rows = new Map(tickets.map((row) => [row.id, row]));
      for (const item of items.filter((one) => one.generation === generation)) {
        const { v3_id: id, title, state } = item.facts;
        const row = rows.get(id)!;
        assertEquals([row.title, row.state], [title, state]);
        const old = new URL(`${item.path}/../`, CORPUS).pathname;
        for (const name of ["thread.md", "resolution.md"]) {
          assertEquals(await textAt(join(copy.root, id, name)), await textAt(join(old, name)));
        }
        assertEquals(readBody(await copy.read(`${id}/item.md`)), readBody(item.text));
      }
    }
  },
});

class Crash extends Error {}

/** A workspace with tickets of every generation that point to each other. */
class Sample implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<Sample> {
    const sample = new Sample(await Deno.makeTempDir({ prefix: "yoi-migrate" }));
    const files: Record<string, string> = {
      "open/.gitkeep": "",
      "open/20260529-010200-cache-index/item.md": QUOTED_V1,
      "open/20260529-010200-cache-index/thread.md": THREAD,
      "open/20260529-010200-cache-index/artifacts/.gitkeep": "",
      "closed/20260529-010200-write-log/item.md": RAW_V1,
      "closed/20260529-010200-write-log/thread.md": THREAD,
      "closed/20260529-010200-write-log/resolution.md": "Written.\n",
      "closed/20260529-010200-write-log/artifacts/.gitkeep": "",
      "20260608-015630-001/item.md": V2,
      "20260608-015630-001/thread.md": THREAD,
      "20260608-015630-001/artifacts/relations.json": RELATIONS,
      [`${NEWEST}/item.md`]: V3,
      [`${NEWEST}/thread.md`]: THREAD,
      [`${NEWEST}/artifacts/orchestration-plan.jsonl`]: PLAN,
    };
    for (const [path, text] of Object.entries(files)) {
      await writeText(join(sample.root, path), text);
    }
    const deep = join(sample.root, "open/20260529-010200-cache-index/artifacts/deep");
    await Deno.mkdir(deep);
    await Deno.writeFile(join(deep, "picture.bin"), Uint8Array.of(0, 255, 10, 13));
    await writeText(join(sample.objectives, FIRST, "item.md"), OBJECTIVE);
    return sample;
  }

  static async copyOf(generation: string): Promise<Sample> {
    const sample = new Sample(await Deno.makeTempDir({ prefix: "yoi-migrate" }));
    await copyTree(corpusRoot(generation), sample.root);
    return sample;
  }

  get root(): string {
    return join(this.folder, "tickets");
  }

  get objectives(): string {
    return join(this.folder, "objectives");
  }

  async names(): Promise<string[]> {
    return (await Array.fromAsync(Deno.readDir(this.root), ({ name }) => name)).sort();
  }

  read(path: string): Promise<string> {
    return Deno.readTextFile(join(this.root, path));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

async function writeText(path: string, text: string): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeTextFile(path, text);
}

async function copyTree(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyTree(join(from, name), join(to, name));
    else await Deno.copyFile(join(from, name), join(to, name));
  }
}

async function textAt(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Every file below a folder with its content, so that two trees can be compared. */
async function linesOfTree(folder: string, lead = ""): Promise<string[]> {
  const lines: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) lines.push(...await linesOfTree(join(folder, name), `${lead}${name}/`));
    else lines.push(`${lead}${name}: ${await Deno.readTextFile(join(folder, name))}`);
  }
  return lines.length > 0 ? lines.sort() : [`${lead} (empty)`];
}
