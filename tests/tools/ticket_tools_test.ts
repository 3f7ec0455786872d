import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { TicketStore } from "../../lib/ticket/store.ts";
import { createTicketTools, type TicketToolsOptions } from "../../lib/tools/ticket_tools.ts";
import { describeToolError, ToolError } from "../../lib/tools/tool_error.ts";
import { atDesk, type TicketDesk } from "./_ticket_desk.ts";

const BASELINE = [
  "TicketCreate",
  "TicketList",
  "TicketShow",
  "TicketComment",
  "TicketReview",
  "TicketIntakeReady",
  "TicketWorkflowState",
  "TicketClose",
  "TicketRelationRecord",
  "TicketRelationQuery",
  "TicketOrchestrationPlanRecord",
  "TicketOrchestrationPlanQuery",
  "TicketDoctor",
];
const MISSING = "00001KT07NV0Z";

function namesOf(options: Omit<TicketToolsOptions, "store">): string[] {
  const store = TicketStore.open("/nowhere/tickets");
  return createTicketTools({ store, ...options }).map(({ name }) => name);
}

async function refusal(desk: TicketDesk, name: string, input: Record<string, unknown>) {
  const error = await assertRejects(() => desk.call(name, input), ToolError);
  return { code: error.code, message: error.message, line: describeToolError(error) };
}

async function newTicket({ call }: TicketDesk, title = "Cache the index"): Promise<string> {
  return (await call("TicketCreate", { title })).content.id;
}

Deno.test("createTicketTools() registers in the order of the table, then the later tools", () => {
  const later = ["TicketEditItem", "TicketQueue", "TicketDependencyCheck"];
  assertEquals(namesOf({ access: "lifecycle" }), [...BASELINE, ...later]);
});

Deno.test("createTicketTools() leaves out what writes, or a whole set", () => {
  assertEquals(namesOf({ access: "read_only" }), [
    "TicketList",
    "TicketShow",
    "TicketRelationQuery",
    "TicketOrchestrationPlanQuery",
    "TicketDoctor",
    "TicketDependencyCheck",
  ]);
  const orchestration = namesOf({ access: "lifecycle", base: false });
  assertEquals(orchestration, BASELINE.slice(8, 12));
  const base = namesOf({ access: "lifecycle", orchestration: false });
  assertEquals(base.filter((name) => orchestration.includes(name)), []);
  assertEquals(base.length, 12);
});

Deno.test("createTicketTools() names the record language in every description", async () => {
  await atDesk(async ({ store, tools }) => {
    const named = createTicketTools({ store, access: "lifecycle", language: "Norwegian" });
    for (const [index, { description }] of named.entries()) {
      const plain = tools[index]!.description;
      assert(!plain.includes("Record language"));
      assert(description.startsWith(`${plain}\n\nRecord language: Norwegian.`));
      assertStringIncludes(description, "chat and of memory");
    }
    await Promise.resolve();
  });
});

Deno.test("createTicketTools() gives each tool an object schema and no key of the schema's own", async () => {
  await atDesk(async ({ tools }) => {
    for (const { inputSchema } of tools) {
      assertEquals(inputSchema.type, "object");
      assert(!("$schema" in inputSchema));
    }
    const create = tools.find(({ name }) => name === "TicketCreate")!;
    assertEquals(create.inputSchema.required, ["title"]);
    await Promise.resolve();
  });
});

Deno.test("ticket tools refuse bad input in words that name the tool", async () => {
  await atDesk(async (desk) => {
    const ticket = await newTicket(desk);
    const bad: [string, Record<string, unknown>][] = [
      ["TicketCreate", {}],
      ["TicketCreate", { title: 7 }],
      ["TicketCreate", { title: "x", risk_flags: null }],
      ["TicketCreate", { title: "x", risk_flags: "io" }],
      ["TicketCreate", { title: "x", state: "intake" }],
      ["TicketList", { state: "open" }],
      ["TicketList", { limit: -1 }],
      ["TicketList", { limit: 1.5 }],
      ["TicketList", { states: [] }],
      ["TicketList", { states: ["ready"], state: "ready" }],
      ["TicketShow", {}],
      ["TicketShow", { id: ticket, query: ticket }],
      ["TicketShow", { id: ticket, event_limit: -1 }],
      ["TicketComment", { ticket, role: "note", body: "x" }],
      ["TicketComment", { ticket, role: "comment" }],
      ["TicketReview", { ticket, result: "approved", body: "x" }],
      ["TicketRelationRecord", { ticket, kind: "needs", target: ticket }],
      ["TicketOrchestrationPlanRecord", { ticket, kind: "soon" }],
      ["TicketDoctor", { limit: -5 }],
      ["TicketEditItem", { ticket }],
      ["TicketEditItem", { ticket, title: null, body: null }],
      ["TicketDependencyCheck", {}],
    ];
    for (const [name, input] of bad) {
      const { code, line } = await refusal(desk, name, input);
      assertEquals(code, "invalid_argument", `${name} ${JSON.stringify(input)}`);
      assert(
        line.startsWith(`Tool execution failed: Invalid argument: invalid ${name} input: `),
        line,
      );
    }
  });
});

Deno.test("ticket tools put failures of the store behind their name", async () => {
  await atDesk(async (desk) => {
    const ticket = await newTicket(desk);
    const expected: [string, Record<string, unknown>, string][] = [
      ["TicketShow", { id: MISSING }, `TicketShow failed: ticket not found: ${MISSING}`],
      ["TicketShow", { id: ticket.slice(0, 12) }, "TicketShow failed: ticket not found: "],
      ["TicketShow", { query: "nothing" }, "TicketShow failed: ticket not found: nothing"],
      ["TicketClose", { ticket: "../x", resolution: "r" }, "TicketClose failed: invalid ticket"],
      [
        "TicketComment",
        { ticket: MISSING, role: "plan", body: "" },
        "TicketComment failed: ticket",
      ],
      ["TicketCreate", { title: "a\nb" }, "TicketCreate failed: ticket conflict: "],
      ["TicketQueue", { ticket }, "TicketQueue failed: ticket conflict: "],
      [
        "TicketWorkflowState",
        { ticket, from: "ready", to: "planning", reason: "r", body: "" },
        "TicketWorkflowState failed: ticket conflict: ",
      ],
      [
        "TicketWorkflowState",
        { ticket, from: "ready", to: "inprogress", reason: "r", body: "" },
        "TicketWorkflowState failed: ticket conflict: ",
      ],
      [
        "TicketOrchestrationPlanRecord",
        { ticket, kind: "before" },
        "TicketOrchestrationPlanRecord failed: ticket conflict: ",
      ],
    ];
    for (const [name, input, start] of expected) {
      const { code, message } = await refusal(desk, name, input);
      assertEquals(code, "execution_failed");
      assert(message.startsWith(start), message);
    }
  });
});

Deno.test("ticket tools take null for absent, ignore unknown members, and heed the signal", async () => {
  await atDesk(async (desk) => {
    const { call, tools, store } = desk;
    const { content } = await call("TicketCreate", {
      title: "Cache the index",
      body: null,
      author: null,
      assignee: null,
      state: null,
      queued_at: null,
      colour: "red",
    });
    assertEquals(content, { id: content.id, state: "planning" });
    assertEquals(
      (await call("TicketShow", { id: content.id, query: null })).content.events.count,
      1,
    );
    const signal = AbortSignal.abort();
    const context = { callId: "c", batchId: "tool-batch-1", index: 0, signal };
    for (const name of ["TicketCreate", "TicketOrchestrationPlanQuery"]) {
      const late = tools.find((tool) => tool.name === name)!;
      await assertRejects(() => late.execute({ title: "late" }, context), DOMException);
    }
    assertEquals((await store.list()).total, 1);
  });
});

Deno.test("TicketCreate reports the real state and starts no ticket behind its gates (W13)", async () => {
  await atDesk(async (desk) => {
    const { call, store } = desk;
    for (const state of ["queued", "inprogress", "done", "closed"]) {
      const { code, message } = await refusal(desk, "TicketCreate", { title: "x", state });
      assertEquals(code, "invalid_argument");
      assertStringIncludes(message, `cannot be created as ${state}`);
    }
    const bare = await refusal(desk, "TicketCreate", { title: "x", state: "ready" });
    assertStringIncludes(bare.message, "TicketIntakeReady");
    assertEquals((await store.list()).total, 0);

    const { content } = await call("TicketCreate", {
      title: "Cache the index",
      body: "## Background\n\nSlow.\n",
      state: "ready",
      intake_summary: "Asked for twice.",
      assignee: "kim",
      risk_flags: ["io", " "],
    });
    assertEquals(content.state, "ready");
    const shown = (await call("TicketShow", { id: content.id })).content;
    assertEquals(shown.meta.state, "ready");
    assertEquals(shown.meta.assignee, "kim");
    assertEquals(shown.meta.risk_flags, ["io"]);
    const kinds = shown.events.items.map(({ kind }: { kind: string }) => kind);
    assertEquals(kinds, ["create", "intake_summary", "state_changed"]);
    assertEquals(shown.events.items[0].author, "LocalTicketBackend");
  });
});

Deno.test("ticket tools take a ticket through its whole life", async () => {
  await atDesk(async (desk) => {
    const { call, root } = desk;
    const ticket = await newTicket(desk);
    assertEquals(
      (await call("TicketIntakeReady", { ticket, intake_summary: "All clear." })).content,
      {
        ticket,
        state: "ready",
        ok: true,
      },
    );
    assertEquals((await call("TicketQueue", { ticket, queued_by: "kim" })).content, {
      ticket,
      state: "queued",
      ok: true,
    });
    const move = (from: string, to: string) =>
      call("TicketWorkflowState", { ticket, from, to, reason: "work", body: "", author: "kim" });
    assertEquals((await move("queued", "inprogress")).content, {
      ticket,
      from: "queued",
      to: "inprogress",
      state: "inprogress",
      ok: true,
    });
    for (const role of ["comment", "plan", "decision", "implementation_report"]) {
      const { content } = await call("TicketComment", { ticket, role, body: `A ${role}` });
      assertEquals(content, { ticket, event: role, ok: true });
    }
    const edit = await call("TicketEditItem", { ticket, body: "## Background\n\nFaster.\n" });
    assertEquals(edit.content, { ticket, edited: ["body"], ok: true });
    await move("inprogress", "done");
    const review = await call("TicketReview", { ticket, result: "approve", body: "Fine." });
    assertEquals(review.content, { ticket, review: "approve", ok: true });
    const close = await call("TicketClose", { ticket, resolution: "Shipped." });
    assertEquals(close, {
      summary: `Closed ticket ${ticket}`,
      content: { ticket, state: "closed", ok: true },
      text: close.text,
    });

    const { meta, body, events, resolution } = (await call("TicketShow", { id: ticket })).content;
    assertEquals(meta.state, "closed");
    assertEquals(meta.queued_by, "kim");
    assertStringIncludes(body, "Faster.");
    assertEquals(resolution.trim(), "Shipped.");
    const line = events.items.map((event: { kind: string; from: string; to: string }) =>
      event.kind === "state_changed" ? `${event.from}->${event.to}` : event.kind
    );
    assertEquals(line, [
      "create",
      "intake_summary",
      "planning->ready",
      "ready->queued",
      "queued->inprogress",
      "comment",
      "plan",
      "decision",
      "implementation_report",
      "item_edit",
      "inprogress->done",
      "review",
      "done->closed",
      "close",
    ]);
    const intake = events.items[2];
    assertEquals(intake.reason, "planning_ready");
    assertEquals(intake.state_field, "state");
    assertEquals(events.items[11].state, "approve");
    assertEquals((await call("TicketDoctor", {})).content.ok, true);
    assert((await Deno.stat(`${root}/${ticket}/resolution.md`)).isFile);
  });
});

Deno.test("ticket tools that read take whatever names a ticket, the writing ones its id", async () => {
  await atDesk(async (desk) => {
    const { call, root, store } = desk;
    const old = "20260529-010200-001";
    await Deno.mkdir(`${root}/${old}/artifacts`, { recursive: true });
    const item = '---\ntitle: "Old"\nstate: "ready"\n---\n';
    await Deno.writeTextFile(`${root}/${old}/item.md`, item);
    await Deno.writeTextFile(`${root}/${old}/thread.md`, "");
    const { to } = (await store.migrate()).tickets[0]!;
    for (const name of [to, old, to.slice(0, 8)]) {
      const check = await call("TicketDependencyCheck", { ticket: name });
      assertEquals([check.content.ticket, check.content.can_queue], [to, true], name);
      assertEquals((await call("TicketRelationQuery", { ticket: name })).content.count, 0);
      assertEquals((await call("TicketOrchestrationPlanQuery", { ticket: name })).content.count, 0);
      assertEquals((await call("TicketShow", { query: name })).content.meta.id, to);
    }
    assertEquals((await call("TicketShow", { id: old })).content.meta.id, to);
    const { message } = await refusal(desk, "TicketComment", {
      ticket: old,
      role: "comment",
      body: "x",
    });
    assertStringIncludes(message, `its whole id is ${to}`);
  });
});

Deno.test("ticket tools say on one line what a hostile name is", async () => {
  await atDesk(async (desk) => {
    const { message } = await refusal(desk, "TicketShow", { id: "a\nb\u001b[31mred" });
    assertEquals(message, "TicketShow failed: ticket not found: a b [31mred");
  });
});

Deno.test("TicketCreate refuses a time of another form", async () => {
  await atDesk(async (desk) => {
    const { message } = await refusal(desk, "TicketCreate", { title: "x", queued_at: "yesterday" });
    assertStringIncludes(message, "queued_at has to be of the form");
    assertEquals((await desk.store.list()).total, 0);
  });
});

Deno.test("TicketShow bounds every list of its answer", async () => {
  await atDesk(async ({ call }) => {
    const { content } = await call("TicketCreate", {
      title: "x",
      risk_flags: Array.from({ length: 12_000 }, () => "a"),
    });
    const shown = await call("TicketShow", { id: content.id });
    assert(shown.text.length <= 64 * 1024);
    assertEquals(shown.content.events.count, 1);
  });
});

Deno.test("TicketWorkflowState points to the tool that a way belongs to", async () => {
  await atDesk(async (desk) => {
    const ticket = await newTicket(desk);
    const table: [string, string, string][] = [
      ["planning", "planning", "nothing would change"],
      ["planning", "ready", "use TicketIntakeReady"],
      ["ready", "queued", "use TicketQueue"],
      ["done", "closed", "use TicketClose"],
      ["closed", "planning", "reopen"],
    ];
    for (const [from, to, hint] of table) {
      const input = { ticket, from, to, reason: "r", body: "" };
      const { code, message } = await refusal(desk, "TicketWorkflowState", input);
      assertEquals(code, from === to ? "invalid_argument" : "execution_failed");
      assertStringIncludes(message, hint);
    }
  });
});

Deno.test("ticket tools clamp every limit above its range, however large, and refuse negative ones", async () => {
  await atDesk(async (desk) => {
    const { call, tools } = desk;
    const ticket = await newTicket(desk);
    const limits = tools.flatMap(({ name, inputSchema }) =>
      Object.entries(inputSchema.properties as Record<string, { type?: string }>)
        .filter(([, { type }]) => type === "integer")
        .map(([field]) => [name, field] as const)
    );
    assertEquals(limits.map(([name, field]) => `${name} ${field}`), [
      "TicketList limit",
      "TicketShow event_limit",
      "TicketShow artifact_limit",
      "TicketShow body_max_bytes",
      "TicketRelationQuery limit",
      "TicketOrchestrationPlanQuery limit",
      "TicketDoctor limit",
    ]);
    for (const [name, field] of limits) {
      const given = name === "TicketShow" ? { id: ticket } : {};
      const { text } = await call(name, { ...given, [field]: 1_000_000 });
      // What JSON can say and no integer of JavaScript holds, 1e400 among it.
      for (const limit of [2 ** 53, 1e17, 2 ** 64 - 1, 1e300, Infinity]) {
        assertEquals(
          (await call(name, { ...given, [field]: limit })).text,
          text,
          `${name} ${field}`,
        );
      }
      for (const limit of [-1, -1e17, -Infinity]) {
        const { code } = await refusal(desk, name, { ...given, [field]: limit });
        assertEquals(code, "invalid_argument", `${name} ${field} ${limit}`);
      }
    }
  });
});

Deno.test("TicketList goes on behind a ticket that there is, and says so when there is none", async () => {
  await atDesk(async (desk) => {
    const ids = [await newTicket(desk, "One"), await newTicket(desk, "Two")];
    for (const after of ["nope", MISSING, ids[0]!.slice(0, 4)]) {
      const { code, message } = await refusal(desk, "TicketList", { after });
      assertEquals(code, "execution_failed");
      assert(message.startsWith(`TicketList failed: ticket not found: ${after}`), message);
    }
    const { content } = await desk.call("TicketList", { after: ids[0] });
    assertEquals([content.returned, content.truncated], [1, false]);
    const last = (await desk.call("TicketList", { after: ids[1] })).content;
    assertEquals([last.count, last.returned, last.truncated], [2, 0, false]);
  });
});

Deno.test("TicketList tells counts, clamps its limit and pages", async () => {
  await atDesk(async (desk) => {
    const { call, store } = desk;
    assertEquals((await call("TicketList", {})).content, {
      state_filter: "all",
      count: 0,
      returned: 0,
      truncated: false,
      limit: 50,
      tickets: [],
    });
    const ids: string[] = [];
    for (const title of ["a", "b   b", "c".repeat(120)]) {
      ids.push((await call("TicketCreate", { title, readiness: "r".repeat(100) })).content.id);
    }
    await store.close(ids[0]!, { resolution: "no" });
    const all = (await call("TicketList", { limit: 0 })).content;
    assertEquals([all.count, all.returned, all.truncated, all.limit], [3, 1, true, 1]);
    assertEquals((await call("TicketList", { limit: 5000 })).content.limit, 100);
    const rest = (await call("TicketList", { after: ids[0] })).content.tickets;
    assertEquals(rest.map(({ id }: { id: string }) => id), ids.slice(1));
    assertEquals(rest[0].title, "b b");
    assertEquals(rest[1].title, `${"c".repeat(93)}...`);
    assertEquals(rest[1].hints, [`readiness:${"r".repeat(77)}...`]);
    assertEquals((await call("TicketList", { newest_first: true })).content.tickets[0].id, ids[2]);
    const count = async (input: Record<string, unknown>) =>
      (await call("TicketList", input)).content.count;
    assertEquals(await count({ state: "closed" }), 1);
    assertEquals(await count({ state: "active" }), 2);
    assertEquals(await count({ states: ["closed", "planning"] }), 3);
    assertEquals(await count({ states: ["ready"] }), 0);
  });
});

Deno.test("TicketList gives the readable tickets beside the bad ones", async () => {
  await atDesk(async (desk) => {
    const { call, root } = desk;
    const id = await newTicket(desk);
    await Deno.mkdir(`${root}/00001KT07NV0X`);
    await Deno.writeTextFile(`${root}/00001KT07NV0X/item.md`, "no frontmatter");
    const { content, summary } = await call("TicketList", {});
    assertEquals(content.tickets.map((row: { id: string }) => row.id), [id]);
    assertEquals(content.problem_count, 1);
    assertStringIncludes(content.problems[0].path, "00001KT07NV0X");
    assertStringIncludes(summary, "1 unreadable");
    assertEquals((await call("TicketShow", { id })).content.meta.id, id);
  });
});

Deno.test("TicketShow keeps the last events, the first artifacts, and cuts texts to their limit", async () => {
  await atDesk(async (desk) => {
    const { call, root } = desk;
    const { content } = await call("TicketCreate", { title: "Long", body: "y".repeat(300) });
    const id = content.id;
    for (const body of ["one", "two", "z".repeat(300)]) {
      await call("TicketComment", { ticket: id, role: "comment", body });
    }
    for (const name of ["b.txt", "a.txt"]) {
      await Deno.writeTextFile(`${root}/${id}/artifacts/${name}`, "");
    }
    const shown = (await call("TicketShow", {
      query: id,
      event_limit: 2,
      artifact_limit: 0,
      body_max_bytes: 100,
    })).content;
    assertEquals(shown.events.count, 4);
    assertEquals([shown.events.returned, shown.events.truncated], [2, true]);
    const bodies = shown.events.items.map(({ body }: { body: string }) => body);
    assertEquals(bodies, ["two", `${"z".repeat(70)}[truncated: 200 bytes dropped]`]);
    assertEquals(shown.artifacts, { count: 2, returned: 1, truncated: true, items: ["a.txt"] });
    assertEquals(new TextEncoder().encode(shown.body).length, 100);
    assertEquals(shown.resolution, null);
    assertEquals(shown.relations, { outgoing: [], incoming: [], blockers: [], notices: [] });
    assertEquals(shown.events.items[0].attributes.event, "comment");
  });
});

Deno.test("TicketShow stays JSON within 64 KiB, however much there is to show", async () => {
  await atDesk(async (desk) => {
    const { call, store } = desk;
    const body = "日本語の長い文章。".repeat(3_000);
    const { content } = await call("TicketCreate", { title: "Long", body });
    const id = content.id;
    for (let index = 0; index < 30; index++) await store.comment(id, { body });
    await store.close(id, { resolution: body });
    const { content: shown, text } = await call("TicketShow", {
      id,
      event_limit: 100,
      body_max_bytes: 65536,
    });
    assert(new TextEncoder().encode(text).length <= 64 * 1024);
    assertEquals(shown.events.returned, 33);
    for (const part of [shown.body, shown.resolution, shown.events.items[3].body]) {
      assert(/\[truncated: \d+ bytes dropped\]$/.test(part), part.slice(-60));
    }
  });
});

Deno.test("TicketEditItem does not replace a body by one that was cut for an answer", async () => {
  await atDesk(async (desk) => {
    const { call, store } = desk;
    const body = `## Steps\n\n${"One more step.\n".repeat(1_500)}The last one.\n`;
    const { id } = (await call("TicketCreate", { title: "Long", body })).content;
    const cut = (await call("TicketShow", { id })).content.body;
    const edit = { ticket: id, body: `${cut}\n\n## New\n` };
    const { message } = await refusal(desk, "TicketEditItem", edit);
    assertStringIncludes(message, "bytes dropped");
    assertStringIncludes(message, "larger body_max_bytes");
    const whole = (await call("TicketShow", { id, body_max_bytes: 65_536 })).content.body;
    await call("TicketEditItem", { ticket: id, body: `${whole}\n## New\n` });
    assertStringIncludes((await store.show(id)).body, "The last one.\n\n## New\n");
    // A ticket may be about such marks.
    await store.editItem(id, { body: "It ends in [truncated: 5 bytes dropped].\n" });
    const about = "Why does it end in [truncated: 5 bytes dropped]?\n";
    assert((await call("TicketEditItem", { ticket: id, body: about })).content.ok);
    const quoting = "The log says [truncated: 2411 bytes dropped].\n";
    assert((await call("TicketEditItem", { ticket: id, body: quoting })).content.ok);
    // And one of them may be cut itself.
    await store.editItem(id, { body: `${quoting}${body}` });
    const part = (await call("TicketShow", { id })).content.body;
    await refusal(desk, "TicketEditItem", { ticket: id, body: part });
  });
});

Deno.test("createTicketTools() reads behind the changes that were asked for before", async () => {
  await atDesk(async (desk) => {
    const { call } = desk;
    const ticket = await newTicket(desk, "one");
    // What a model asks for at once.
    const [, shown, refused, , listed] = await Promise.all([
      call("TicketIntakeReady", { ticket, intake_summary: "Clear." }),
      call("TicketShow", { id: ticket }),
      refusal(desk, "TicketIntakeReady", { ticket, intake_summary: "Again." }),
      call("TicketQueue", { ticket }),
      call("TicketList", {}),
    ]);
    assertEquals(shown.content.meta.state, "ready");
    assertStringIncludes(refused.message, "expected planning");
    assertEquals(listed.content.tickets[0].state, "queued");
  });
});

Deno.test("TicketRelationRecord and TicketRelationQuery show relations as they are stored", async () => {
  await atDesk(async (desk) => {
    const { call } = desk;
    const [first, second, third] = [
      await newTicket(desk, "one"),
      await newTicket(desk, "two"),
      await newTicket(desk, "three"),
    ];
    const input = { ticket: first, kind: "depends_on", target: second, note: "schema first" };
    const { content } = await call("TicketRelationRecord", { ...input, author: "kim" });
    assertEquals(content, {
      ticket_id: first,
      kind: "depends_on",
      target: second,
      note: "schema first",
      author: "kim",
      at: content.at,
    });
    await call("TicketRelationRecord", {
      ticket: third,
      kind: "related",
      target: first,
      note: null,
    });
    const query = async (input: Record<string, unknown>) =>
      (await call("TicketRelationQuery", input)).content;
    assertEquals((await query({ ticket: second })).relations, [content]);
    assertEquals((await query({ ticket: first })).count, 2);
    assertEquals((await query({ kind: "related" })).relations[0].note, null);
    const cut = await query({ limit: 1 });
    assertEquals([cut.count, cut.returned, cut.truncated], [2, 1, true]);

    const { relations } = (await call("TicketShow", { id: first })).content;
    assertEquals(relations.outgoing, [content]);
    assertEquals(relations.incoming[0].source_ticket, third);
    assertEquals(relations.incoming[0].inverse_kind, "related");
    assertEquals(relations.blockers, [{
      blocking_ticket: second,
      reason_kind: "depends_on",
      relation_kind: "depends_on",
      note: "schema first",
      blocking_state: "planning",
    }]);
  });
});

Deno.test("TicketRelationRecord tells of tickets that wait for each other", async () => {
  await atDesk(async (desk) => {
    const { call } = desk;
    const [first, second] = [await newTicket(desk, "one"), await newTicket(desk, "two")];
    const plain = await call("TicketRelationRecord", {
      ticket: first,
      kind: "depends_on",
      target: second,
    });
    assertEquals(plain.content.waiting_circle, undefined);
    const closing = { ticket: first, kind: "blocks", target: second };
    const { summary, content } = await call("TicketRelationRecord", closing);
    assertEquals(content.waiting_circle, [second, first, second]);
    assertStringIncludes(summary, "2 tickets now wait for each other");
    assertStringIncludes(summary, "yoi ticket relation remove");
    // Whoever asks again hears that it is there.
    await refusal(desk, "TicketRelationRecord", closing);
    // One that is closed lets the others begin.
    await call("TicketClose", { ticket: second, resolution: "Not needed." });
    const again = { ticket: second, kind: "depends_on", target: first };
    assertStringIncludes((await call("TicketRelationRecord", again)).summary, "unless one of them");
  });
});

Deno.test("TicketDependencyCheck tells what blocks and what to do; TicketQueue refuses", async () => {
  await atDesk(async (desk) => {
    const { call } = desk;
    const [ticket, target] = [await newTicket(desk, "one"), await newTicket(desk, "two")];
    await call("TicketIntakeReady", { ticket, intake_summary: "Clear." });
    const free = (await call("TicketDependencyCheck", { ticket })).content;
    assertEquals([free.can_queue, free.blocker_count, free.reasons], [true, 0, []]);
    await call("TicketRelationRecord", { ticket, kind: "depends_on", target });
    const { content, summary } = await call("TicketDependencyCheck", { ticket });
    assertEquals(content.can_queue, false);
    assertEquals(content.blockers[0].blocking_ticket, target);
    assert(content.reasons.length > 0 && content.next_action.length > 0);
    assertStringIncludes(summary, "cannot be queued");
    const { message } = await refusal(desk, "TicketQueue", { ticket });
    assertStringIncludes(message, `${target} via depends_on (state: planning)`);
  });
});

Deno.test("TicketDependencyCheck and TicketQueue tell of relations that cannot be read", async () => {
  await atDesk(async (desk) => {
    const { call } = desk;
    const [ticket, target] = [await newTicket(desk, "one"), await newTicket(desk, "two")];
    await call("TicketIntakeReady", { ticket, intake_summary: "Clear." });
    await call("TicketRelationRecord", { ticket: target, kind: "blocks", target: ticket });
    await Deno.writeTextFile(`${desk.root}/${target}/artifacts/relations.json`, "<<<<<<< ours\n");
    const { content } = await call("TicketDependencyCheck", { ticket });
    assertEquals([content.can_queue, content.problem_count], [true, 1]);
    assertStringIncludes(content.next_action, "Repair what cannot be read");
    const queued = await call("TicketQueue", { ticket });
    assertEquals(queued.content.problems[0].path, `${target}/artifacts/relations.json`);
    const to = { ticket, from: "queued", to: "inprogress", reason: "go", body: "" };
    assertEquals((await call("TicketWorkflowState", to)).content.problem_count, 1);
  });
});

Deno.test("TicketOrchestrationPlanRecord stores, TicketOrchestrationPlanQuery finds", async () => {
  await atDesk(async (desk) => {
    const { call } = desk;
    const ticket = await newTicket(desk);
    const plan = { summary: "In two steps", branch: "cache", worktree: null };
    const { content } = await call("TicketOrchestrationPlanRecord", {
      ticket,
      kind: "accepted_plan",
      accepted_plan: plan,
      author: "kim",
    });
    assertEquals(content, {
      id: content.id,
      ticket_id: ticket,
      kind: "accepted_plan",
      accepted_plan: { summary: "In two steps", branch: "cache" },
      author: "kim",
      at: content.at,
    });
    await call("TicketOrchestrationPlanRecord", { ticket, kind: "after", related_ticket: MISSING });
    const all = (await call("TicketOrchestrationPlanQuery", { ticket, limit: 1 })).content;
    assertEquals([all.count, all.returned, all.truncated], [2, 1, true]);
    assertEquals(all.records, [content]);
    const after = (await call("TicketOrchestrationPlanQuery", { relation_kind: "after" })).content;
    assertEquals(after.records[0].related_ticket, MISSING);
  });
});

Deno.test("TicketDoctor counts errors, and clamps its limit", async () => {
  await atDesk(async (desk) => {
    const { call, root } = desk;
    assertEquals((await call("TicketDoctor", {})).content, {
      ok: true,
      error_count: 0,
      diagnostic_count: 0,
      returned: 0,
      truncated: false,
      diagnostics: [],
    });
    for (const title of ["one", "two"]) {
      await Deno.remove(`${root}/${await newTicket(desk, title)}/thread.md`);
    }
    const { content, summary } = await call("TicketDoctor", { limit: 0 });
    assertEquals([content.ok, content.error_count, content.returned], [false, 2, 1]);
    assertEquals(content.truncated, true);
    assertEquals(content.diagnostics[0].severity, "error");
    assert(typeof content.diagnostics[0].path === "string");
    assertStringIncludes(summary, "2 error(s)");
  });
});
