import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { TicketStore } from "../../lib/ticket/store.ts";
import type { DiskStep } from "../../lib/ticket/disk.ts";
import { timestamp } from "../../lib/ticket/_timestamp.ts";
import { TicketError } from "../../lib/ticket/ticket_error.ts";
import { Clock, inRoot, rejection } from "./_written_root.ts";

/** Milliseconds from the clock's second to the writes of item and thread. */
type Delays = readonly [item: number, thread: number];

const CRASHED: Delays = [10, 20];
const EDITED_SINCE: Delays = [30, 20];
const CHECKED_OUT: Delays = [7_200_000, 7_200_000];

const FIELDS = {
  priority: (store: TicketStore, id: string) => store.setPriority(id, "P0"),
  assignee: (store: TicketStore, id: string) => store.assign(id, "bob"),
} as const;

for (const [field, run] of Object.entries(FIELDS)) {
  for (const how of ["doctor --fix", "the next change"] as const) {
    Deno.test(`TicketStore: ${how} makes up for a crashed ${field} of the item's own second`, () =>
      afterCrash(run, CRASHED, async ({ store, id, read }) => {
        assertEquals(await codes(store), ["field_lags_thread"]);
        if (how === "doctor --fix") {
          const { fixed } = await store.doctor({ fix: true });
          assertEquals(fixed?.map(({ code }) => code), ["field_lags_thread"]);
        } else await store.comment(id, { body: "next" });
        assertStringIncludes(read("item.md"), `${field}: '${field === "priority" ? "P0" : "bob"}'`);
        assertEquals(await codes(store), []);
      }));
  }

  Deno.test(`TicketStore: a crashed ${field} that nobody can decide on is told until it is set`, () =>
    afterCrash(run, CHECKED_OUT, async ({ store, id, clock, read }) => {
      const told = async () => assertEquals(await codes(store), ["field_differs_from_thread"]);
      await told();
      const before = read("item.md");
      assertEquals((await store.doctor({ fix: true })).fixed, []);
      assertEquals(read("item.md"), before);
      clock.ms += 1000;
      const other = await store.create({ title: "other" });
      await store.relate(id, { kind: "related", target: other });
      await told();
      clock.ms += 1000;
      await store.plan(id, { kind: "waiting_capacity_note", note: "wait" });
      await told();
      await store.comment(id, { body: "next" });
      await told();
      await run(store, id);
      assertEquals(await codes(store), []);
    }));

  Deno.test(`TicketStore: the ${field} that a hand has changed since is left, and told`, () =>
    afterCrash(run, EDITED_SINCE, async ({ store, id, read }) => {
      assertEquals(await codes(store), ["field_differs_from_thread"]);
      await store.comment(id, { body: "next" });
      assert(!read("item.md").includes("bob") && !read("item.md").includes("P0"));
    }));
}

Deno.test("TicketStore.doctor() says nothing of a field that a hand has set with its time", () =>
  afterCrash(FIELDS.priority, CHECKED_OUT, async ({ store, clock, path, read }) => {
    const later = timestamp(clock.ms + 60_000);
    const text = read("item.md").replace(/updated_at: '.*'/, `updated_at: '${later}'`);
    await Deno.writeTextFile(`${path}/item.md`, text);
    assertEquals(await codes(store), []);
  }));

Deno.test("TicketStore.doctor() tells of a crashed edit of the item's own second, and --fix leaves it", () =>
  afterCrash(
    (store, id) => store.editItem(id, { title: "other", body: "other" }),
    CRASHED,
    async ({ store, id, read }) => {
      assertEquals(await codes(store), ["edit_lags_thread"]);
      const before = read("item.md");
      const { fixed, diagnostics } = await store.doctor({ fix: true });
      assertEquals([fixed, diagnostics.map(({ code }) => code)], [[], ["edit_lags_thread"]]);
      assertEquals(read("item.md"), before);
      await store.editItem(id, { title: "other", body: "other" });
      assertEquals(await codes(store), []);
    },
  ));

Deno.test("TicketStore.doctor() takes an append that was taken back for no crashed edit", () =>
  inRoot(async (root) => {
    let isFull = false;
    const onWrite = ({ action, phase }: DiskStep) => {
      if (isFull && action === "write" && phase === "before") {
        throw TicketError.io("item.md", new Error("No space left on device"));
      }
    };
    // By the system's clock, as are the times of the files.
    const store = TicketStore.open(root, { author: "alice", durable: false, onWrite });
    const id = await store.create({ title: "x", body: "old" });
    await store.editItem(id, { body: "new" });
    isFull = true;
    assertEquals((await rejection(() => store.comment(id, { body: "y" }))).code, "io");
    assertEquals(await codes(store), []);
  }));

Deno.test("TicketStore.doctor() takes a checkout for no crashed edit", () =>
  afterCrash(
    (store, id) => store.editItem(id, { title: "other" }),
    CHECKED_OUT,
    async ({ store }) => assertEquals(await codes(store), []),
  ));

for (const how of ["doctor --fix", "the next change"] as const) {
  Deno.test(`TicketStore: ${how} makes up for state and fields with one write`, () =>
    inRoot(async (root) => {
      const writes: string[] = [];
      const clock = new Clock();
      const store = storeIn(root, clock, ({ phase, path }) => {
        if (phase === "before" && path.endsWith("/item.md")) writes.push(path);
      });
      const id = await store.create({ title: "x" });
      const path = `${root}/${id}/item.md`;
      const before = await Deno.readTextFile(path);
      clock.ms += 1000;
      await store.intakeReady(id, { summary: "Worth it." });
      clock.ms += 1000;
      await store.setPriority(id, "P1");
      clock.ms += 1000;
      await store.assign(id, "kim");
      const whole = await Deno.readTextFile(path);
      await Deno.writeTextFile(path, before);
      const lagging = ["state_lags_thread", "field_lags_thread", "field_lags_thread"];
      assertEquals(await codes(store), lagging);

      writes.length = 0;
      if (how === "doctor --fix") {
        const { fixed } = await store.doctor({ fix: true });
        assertEquals(fixed?.map(({ code }) => code), lagging);
        assertEquals(writes.length, 1);
        assertEquals(keysOf(await Deno.readTextFile(path)), keysOf(whole));
      } else {
        await store.comment(id, { body: "next" });
        assertEquals(writes.length, 2, "what lagged, and the comment's own");
      }
      const { state, priority, assignee } = (await store.show(id)).frontmatter;
      assertEquals([state, priority, assignee], ["ready", "P1", "kim"]);
      assertEquals(await codes(store), []);
    }));
}

interface Crashed {
  readonly store: TicketStore;
  readonly id: string;
  readonly clock: Clock;
  /** The ticket's folder. */
  readonly path: string;
  readonly read: (name: string) => string;
}

/** Runs a test on a ticket whose change has died before `item.md`, in the second of its creation. */
async function afterCrash(
  run: (store: TicketStore, id: string) => Promise<unknown>,
  [item, thread]: Delays,
  test: (crashed: Crashed) => Promise<void>,
): Promise<void> {
  await inRoot(async (root) => {
    // Later than now: the thread is then older than its last write, as where it has grown.
    const clock = new Clock();
    clock.ms = Math.ceil(Date.now() / 1000) * 1000 + 60_000;
    const store = storeIn(root, clock);
    const id = await store.create({ title: "x" });
    const dying = storeIn(root, clock, ({ phase, path }) => {
      if (phase === "before" && path.endsWith("/item.md")) throw new Error("killed");
    });
    await assertRejects(() => run(dying, id), Error, "killed");
    const path = `${root}/${id}`;
    for (const [name, delay] of [["item.md", item], ["thread.md", thread]] as const) {
      const time = new Date(clock.ms + delay);
      await Deno.utime(`${path}/${name}`, time, time);
    }
    await test({
      store,
      id,
      clock,
      path,
      read: (name) => Deno.readTextFileSync(`${path}/${name}`),
    });
  });
}

function storeIn(root: string, clock: Clock, onWrite?: (step: DiskStep) => void): TicketStore {
  return TicketStore.open(root, { author: "alice", durable: false, now: clock.now, onWrite });
}

async function codes(store: TicketStore): Promise<string[]> {
  return (await store.doctor()).diagnostics.map(({ code }) => code);
}

/** The lines of the frontmatter, in no order. */
function keysOf(text: string): string[] {
  return text.split("\n").sort();
}
