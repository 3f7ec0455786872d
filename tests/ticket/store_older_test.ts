import { assertEquals } from "@std/assert";
import type { TicketStore } from "../../lib/ticket/store.ts";
import {
  assertRefused,
  type Clock,
  FIRST_ID,
  inStore,
  readFile,
  writeFile,
} from "./_written_root.ts";

const V1_ID = "20260608-015630-cache-the-index";
const V2_ID = "20260608-015630-001";
const THREAD = "<!-- event: create author: alice at: 2026-05-01T00:00:00Z -->\n\n" +
  "## Created\n\nCreated.\n\n---\n";

/** A ticket of the first generation, quoted as the later of its programs did, or not. */
function makeV1(store: TicketStore, dialect: "quoted" | "raw"): string {
  const lines = [
    ["id", V1_ID],
    ["slug", "cache-the-index"],
    ["title", "Cache: the index"],
    ["status", "open"],
    ["priority", "P2"],
    ["created_at", "2026-05-01T00:00:00Z"],
    ["updated_at", "2026-05-01T00:00:00Z"],
    ["workflow_state", "planning"],
  ].map(([key, value]) => dialect === "raw" ? `${key}: ${value}` : `${key}: '${value}'`);
  const text = `---\n${lines.join("\n")}\nassignee: null\nlabels: [a, b]\n---\n\nBody\n`;
  writeFile(store.root, `open/${V1_ID}/item.md`, text);
  writeFile(store.root, `open/${V1_ID}/thread.md`, THREAD);
  return text;
}

/** Everything that a v1 ticket takes. */
async function workOn(store: TicketStore, clock: Clock): Promise<void> {
  await store.create({ title: "new" });
  clock.set("08:00:00");
  await store.comment(V1_ID, { body: "still here" });
  await store.review(V1_ID, { result: "approve", body: "" });
  await store.relate(V1_ID, { kind: "depends_on", target: FIRST_ID });
  await store.plan(V1_ID, { kind: "after", relatedTicket: FIRST_ID });
  await store.assign(V1_ID, "bob");
  await store.setPriority(V1_ID, "P0");
}

Deno.test("TicketStore: a v1 ticket is worked on in its place, in its dialect", () => {
  const run = (dialect: "quoted" | "raw") =>
    inStore(async (store, clock) => {
      const text = makeV1(store, dialect);
      await workOn(store, clock);
      const quote = dialect === "raw" ? "" : "'";
      assertEquals(
        readFile(store, `open/${V1_ID}/item.md`),
        text.replace(
          `updated_at: ${quote}2026-05-01T00:00:00Z`,
          `updated_at: ${quote}2026-06-01T08:00:00Z`,
        )
          .replace("assignee: null", `assignee: ${quote}bob${quote}`)
          .replace("P2", "P0"),
      );
      const { events, relations, title } = await store.show(V1_ID);
      assertEquals([title, relations.outgoing.length], ["Cache: the index", 1]);
      assertEquals(events.map(({ kind }) => kind), [
        "create",
        "comment",
        "review",
        "state_changed",
        "state_changed",
      ]);
      assertEquals(readFile(store, `open/${V1_ID}/thread.md`).startsWith(THREAD), true);
    });
  return run("quoted").then(() => run("raw"));
});

Deno.test("editItem() gives a v1 ticket in its unquoted dialect another body", () =>
  inStore(async (store) => {
    const text = makeV1(store, "raw");
    await store.editItem(V1_ID, { title: "Cache: all", body: "New body" });
    assertEquals(
      readFile(store, `open/${V1_ID}/item.md`),
      text.replace("Cache: the index", "Cache: all").replace("\nBody\n", "\nNew body\n")
        .replace("updated_at: 2026-05-01T00:00:00Z", "updated_at: 2026-06-01T00:00:00Z"),
    );
  }));

Deno.test("assign() keeps every line end of a v1 ticket in its unquoted dialect", () =>
  inStore(async (store) => {
    const text = makeV1(store, "raw").replaceAll("\n", "\r\n").replace("slug: ", "x: 1\nslug: ");
    writeFile(store.root, `open/${V1_ID}/item.md`, text);
    await store.assign(V1_ID, "bob");
    assertEquals(
      readFile(store, `open/${V1_ID}/item.md`),
      text.replace("updated_at: 2026-05-01T00:00:00Z", "updated_at: 2026-06-01T00:00:00Z")
        .replace("assignee: null", "assignee: bob"),
    );
  }));

Deno.test("editItem() refuses a title that makes an unquoted v1 ticket YAML of another meaning", () =>
  inStore(async (store) => {
    makeV1(store, "raw");
    for (const title of ["Fix issue #3 now", "null", "'all'", "|"]) {
      await assertRefused(
        store,
        () => store.editItem(V1_ID, { title }),
        "conflict",
        "would not read back as intended from a v1 ticket, run `yoi ticket migrate` first",
      );
    }
    await store.editItem(V1_ID, { title: "[all] of it" });
    assertEquals((await store.show(V1_ID)).title, "[all] of it");
  }));

Deno.test("TicketStore: the state of a v1 ticket waits for its migration", () =>
  inStore(async (store) => {
    makeV1(store, "quoted");
    const words = "run `yoi ticket migrate` first";
    const refused = [
      () => store.intakeReady(V1_ID, { summary: "s" }),
      () => store.queue(V1_ID),
      () => store.setState(V1_ID, "ready"),
      () => store.transition(V1_ID, { from: "ready", to: "planning", reason: "r" }),
      () => store.close(V1_ID, { resolution: "r" }),
      () => store.reopen(V1_ID, { reason: "r" }),
    ];
    for (const run of refused) await assertRefused(store, run, "conflict", words);
    const { canQueue, nextAction } = await store.dependencyCheck(V1_ID);
    assertEquals([canQueue, nextAction.includes("`yoi ticket migrate`")], [false, true]);
  }));

Deno.test("TicketStore: a v2 ticket takes everything", () =>
  inStore(async (store) => {
    const item = '---\ntitle: "Cache"\nstate: planning\ncreated_at: 2026-05-01T00:00:00Z\n' +
      "updated_at: 2026-05-01T00:00:00Z\n---\n\nBody\n";
    writeFile(store.root, `${V2_ID}/item.md`, item);
    writeFile(store.root, `${V2_ID}/thread.md`, THREAD);
    await store.setState(V2_ID, "ready");
    await store.setState(V2_ID, "queued");
    await store.setState(V2_ID, "inprogress");
    await store.setState(V2_ID, "done");
    await store.close(V2_ID, { resolution: "Done." });
    await store.reopen(V2_ID, { reason: "again" });
    assertEquals(
      readFile(store, `${V2_ID}/item.md`),
      item.replace("state: planning", "state: 'planning'")
        .replace("updated_at: 2026-05-01T00:00:00Z", "updated_at: '2026-06-01T00:00:00Z'"),
    );
    assertEquals((await store.show(V2_ID)).events.length, 9);
  }));
