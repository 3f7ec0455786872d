import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { parseThread } from "../../lib/ticket/thread.ts";
import { TicketStore } from "../../lib/ticket/store.ts";
import { runSequences } from "./_sequences.ts";
import { inRoot, inStore, readFile } from "./_written_root.ts";

const WRITER = fromFileUrl(new URL("../programs/ticket_events.ts", import.meta.url));

Deno.test("TicketStore: eight processes write 1,000 events and lose and tear nothing", () =>
  inRoot(async (root) => {
    const store = TicketStore.open(root, { author: "alice", durable: false });
    const shared = await store.create({ title: "shared" });
    const count = 125;
    const writers = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => ({
        name: `writer-${index}`,
        own: await store.create({ title: `own ${index}` }),
      })),
    );
    const ends = await Promise.all(
      writers.map(({ name, own }) =>
        new Deno.Command(Deno.execPath(), {
          args: ["run", "--quiet", "--no-prompt", "-A", WRITER]
            .concat([root, name, String(count), shared, own, "false"]),
          stdin: "null",
          stdout: "null",
          stderr: "piped",
        }).output()
      ),
    );
    for (const { success, stderr } of ends) assert(success, new TextDecoder().decode(stderr));

    const bodiesOf = (id: string): string[] => {
      const { events, diagnostics } = parseThread(readFile(store, `${id}/thread.md`));
      assertEquals(diagnostics, []);
      return events.slice(1).map(({ body }) => body);
    };
    const together = bodiesOf(shared);
    assertEquals(together.length, 8 * 63);
    for (const { name, own } of writers) {
      const all = Array.from({ length: count }, (_, index) => `${name} ${index}`);
      // Each writer's events stand in the order in which it wrote them.
      assertEquals(
        together.filter((body) => body.startsWith(`${name} `)),
        all.filter((_, index) => index % 2 === 0),
      );
      assertEquals(bodiesOf(own), all.filter((_, index) => index % 2 === 1));
    }
    const { ok, diagnostics } = await store.doctor();
    assertEquals([ok, diagnostics], [true, []]);
  }));

Deno.test("TicketStore: a thousand calls at once do not run into the bound", () =>
  inStore(async (store) => {
    const id = await store.create({ title: "x" });
    const events = await Promise.all(
      Array.from({ length: 1000 }, (_, index) => store.comment(id, { body: String(index) })),
    );
    assertEquals(events.map(({ body }) => Number(body)), events.map((_, index) => index));
    const { events: written } = await store.show(id);
    assertEquals(written.slice(1).map(({ body }) => body), events.map(({ body }) => body));
  }, { lockTimeoutMs: 5 }));

Deno.test("TicketStore: random sequences of several processes with deaths lose nothing", () =>
  inRoot(async (root) => {
    const folder = root.slice(0, root.lastIndexOf("/"));
    const seed = Math.floor(Math.random() * 1e6);
    try {
      const { acknowledged, deaths } = await runSequences(folder, {
        count: 60,
        seed,
        processes: 3,
      });
      assert(acknowledged > 60 && deaths > 0, `acknowledged ${acknowledged}, deaths ${deaths}`);
    } catch (cause) {
      throw new Error(`Cannot keep everything: seed ${seed}`, { cause });
    }
  }));
