/** What comes of a change when git begins to merge while it is made. */

import { assertEquals, assertRejects } from "@std/assert";
import { appendixTo } from "../../lib/ticket/event_text.ts";
import { TicketStore } from "../../lib/ticket/store.ts";
import { TicketError } from "../../lib/ticket/ticket_error.ts";

// Git merges under its lock, and notes down where the branch was before it looks at the files.
for (const sign of ["index.lock", "ORIG_HEAD"] as const) {
  Deno.test(`TicketStore: a change that git has written over is made again, told by ${sign}`, async () => {
    await using sample = await Sample.create();
    const before = await sample.read();
    const event = {
      kind: "comment",
      author: "bob",
      at: "2026-06-02T00:00:00Z",
      heading: "Comment",
    };
    const merged = before + appendixTo(before, [{ ...event, body: "Merged." }]);
    const merge = () => Deno.writeTextFile(sample.thread, merged);
    await sample.whileGitIsAtWork(merge, sign).comment(sample.id, { body: "Mine." });
    assertEquals(await sample.bodies(), ["Merged.", "Mine."]);
  });
}

Deno.test("TicketStore: a change that git has left alone is not made again", async () => {
  await using sample = await Sample.create();
  await sample.whileGitIsAtWork(async () => {}).comment(sample.id, { body: "Mine." });
  assertEquals(await sample.bodies(), ["Mine."]);
});

/** Does something in the middle of a change, right after its event. */
function storeAfterWhoseEvent(sample: Sample, work: () => void): TicketStore {
  return TicketStore.open(sample.root, {
    author: "alice",
    durable: false,
    onWrite: ({ path, phase }) => {
      if (phase === "after" && path.endsWith("thread.md")) work();
    },
  });
}

Deno.test("TicketStore: a change whose event a formatter has put in order at once is made once", async () => {
  await using sample = await Sample.create();
  const format = () => {
    const text = Deno.readTextFileSync(sample.thread);
    Deno.writeTextFileSync(sample.thread, text.replace(/^\* /gm, "- "));
  };
  await storeAfterWhoseEvent(sample, format).comment(sample.id, { body: "* Mine." });
  assertEquals(await sample.bodies(), ["- Mine."]);
});

Deno.test("TicketStore: a change is made again that git has written over and is gone, told by its index", async () => {
  await using sample = await Sample.create();
  const before = await sample.read();
  let isOver = false;
  const merge = () => {
    if (isOver) return;
    isOver = true;
    Deno.writeTextFileSync(sample.thread, before);
    Deno.writeTextFileSync(`${sample.top}/.git/index`, "");
  };
  await storeAfterWhoseEvent(sample, merge).comment(sample.id, { body: "Mine." });
  assertEquals(await sample.bodies(), ["Mine."]);
});

// Git writes what differs on the other branch, which can be the thread alone.
const CHANGES: Record<string, (store: TicketStore, id: string) => Promise<unknown>> = {
  priority: (store, id) => store.setPriority(id, "P1"),
  ready: (store, id) => store.setState(id, "ready"),
  close: (store, id) => store.close(id, { resolution: "Done." }),
  "item text": (store, id) => store.editItem(id, { body: "New." }),
};
for (const [name, change] of Object.entries(CHANGES)) {
  Deno.test(`TicketStore: a change (${name}) of whose files git has written over the thread alone is made again as a whole`, async () => {
    await using sample = await Sample.create();
    await using twin = await Sample.create();
    const before = await sample.read();
    const merge = () => Deno.writeTextFile(sample.thread, before);
    await change(sample.whileGitIsAtWork(merge), sample.id);
    await change(TicketStore.open(twin.root, { author: "alice", durable: false }), twin.id);
    assertEquals(await sample.kinds(), await twin.kinds());
  });
}

Deno.test("TicketStore: reopening whose event git has written over takes the resolution away once", async () => {
  await using sample = await Sample.create();
  // Before the second of the reopening, in which a crash could look the same.
  const now = () => Date.now() - 60_000;
  const store = TicketStore.open(sample.root, { author: "alice", durable: false, now });
  await store.close(sample.id, { resolution: "Done." });
  const before = await sample.read();
  const merge = () => Deno.writeTextFile(sample.thread, before);
  await sample.whileGitIsAtWork(merge).reopen(sample.id, { reason: "again" });
  const kinds = ["create", "state_changed", "close", "state_changed"];
  assertEquals(await sample.kinds(), kinds);
  const folder = `${sample.root}/${sample.id}/artifacts`;
  const artifacts = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  assertEquals(artifacts.filter((name) => name.startsWith("resolution")).length, 1);
});

Deno.test("TicketStore: a change of a ticket that git has removed meanwhile is not acknowledged", async () => {
  await using sample = await Sample.create();
  const folder = `${sample.root}/${sample.id}`;
  const store = sample.whileGitIsAtWork(() => Deno.remove(folder, { recursive: true }));
  const error = await assertRejects(
    () => store.setPriority(sample.id, "P1"),
    TicketError,
  );
  assertEquals(error.code, "not_found");
});

/** A ticket in a work tree. */
class Sample implements AsyncDisposable {
  readonly root: string;
  readonly thread: string;

  private constructor(readonly top: string, readonly id: string) {
    this.root = `${top}/tickets`;
    this.thread = `${this.root}/${id}/thread.md`;
  }

  static async create(): Promise<Sample> {
    const top = await Deno.makeTempDir();
    await Deno.mkdir(`${top}/.git`);
    const store = TicketStore.open(`${top}/tickets`, { author: "alice", durable: false });
    return new Sample(top, await store.create({ title: "Cache" }));
  }

  /** A store during whose first write to the thread git begins; what it does comes after the change. */
  whileGitIsAtWork(work: () => Promise<void>, sign = "index.lock"): TicketStore {
    const file = `${this.top}/.git/${sign}`;
    let isOver = false;
    return TicketStore.open(this.root, {
      author: "alice",
      durable: false,
      onWrite: ({ path, phase }) => {
        if (isOver || phase === "before" || !path.endsWith("thread.md")) return;
        isOver = true;
        Deno.writeTextFileSync(file, "");
        setTimeout(() => work().then(() => Deno.remove(file)), 30);
      },
    });
  }

  read(): Promise<string> {
    return Deno.readTextFile(this.thread);
  }

  async kinds(): Promise<string[]> {
    const { events } = await TicketStore.open(this.root).show(this.id);
    return events.map(({ kind }) => kind);
  }

  /** Of all events after the first. */
  async bodies(): Promise<string[]> {
    const { events } = await TicketStore.open(this.root).show(this.id);
    return events.slice(1).map(({ body }) => body);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.top, { recursive: true });
  }
}
