import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { DiskStep } from "../../lib/ticket/disk.ts";
import { isTicketState } from "../../lib/ticket/states.ts";
import type { TicketStore } from "../../lib/ticket/store.ts";
import { TicketError } from "../../lib/ticket/ticket_error.ts";
import { type NamedOperation, OPERATIONS, OTHER_ID, prepareRoot, storeAt } from "./_operations.ts";
import { filesIn, FIRST_ID, inRoot } from "./_written_root.ts";

const PROGRAM = fromFileUrl(new URL("../programs/ticket_crash.ts", import.meta.url));

for (const [name, operation] of Object.entries(OPERATIONS)) {
  Deno.test(`TicketStore: a death at any write of ${name} loses nothing and is made good`, () =>
    inRoot(async (folder) => {
      const count = await countWrites(`${folder}/whole`, operation);
      assert(count >= 2, "an operation without writes");
      const positions = Array.from({ length: count + 1 }, (_, index) => index);
      const deaths = await Promise.allSettled(positions.map(async (position) => {
        const root = `${folder}/${position}`;
        await prepareRoot(root, operation);
        const before = { files: filesIn(root), errors: await errorsOf(storeAt(root, 1)) };
        await dieAt(root, name, position);
        await assertRecovers(root, operation, before);
      }));
      for (const death of deaths) if (death.status === "rejected") throw death.reason;
    }));
}

interface Before {
  readonly files: Record<string, string>;
  /** Codes of the doctor's errors. */
  readonly errors: ReadonlySet<string>;
}

async function countWrites(root: string, operation: NamedOperation): Promise<number> {
  const steps: DiskStep[] = [];
  await prepareRoot(root, operation);
  await operation.run(storeAt(root, 3600, (step) => steps.push(step)));
  return steps.filter(({ phase }) => phase === "before").length;
}

async function dieAt(root: string, name: string, position: number): Promise<void> {
  const { signal, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "-A", PROGRAM, root, name, String(position)],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  assertEquals(signal, "SIGKILL", new TextDecoder().decode(stderr));
}

/** What has to hold after a death. */
async function assertRecovers(
  root: string,
  operation: NamedOperation,
  before: Before,
): Promise<void> {
  const store = storeAt(root, 7200);
  await assertSound(store, before);
  for (const [path, text] of Object.entries(before.files)) {
    if (!path.endsWith("thread.md")) continue;
    assert(filesIn(root)[path]?.startsWith(text), `${path} lost something`);
  }
  await store.comment(FIRST_ID, { body: "afterwards" });
  await assertSound(store, before);
  await assertSettled(store, operation);
  // Whoever asked for the operation asks again: it is done, or it is refused since it was done.
  try {
    await operation.run(store);
  } catch (error) {
    assert(error instanceof TicketError && error.code === "conflict", String(error));
  }
  await assertSound(store, before);
  await assertSettled(store, operation);
  assertEquals(filesIn(root)[`${OTHER_ID}/artifacts/notes.md`], "kept\n");
}

/** Everything can be read, and the doctor finds no error that was not there before. */
async function assertSound(store: TicketStore, before: Before): Promise<void> {
  const { tickets, problems } = await store.list({ limit: Infinity });
  assertEquals(problems, []);
  assert(tickets.length >= 2);
  for (const { id } of tickets) assertEquals((await store.show(id)).problems, []);
  assertEquals([...(await errorsOf(store)).difference(before.errors)], []);
}

async function errorsOf(store: TicketStore): Promise<Set<string>> {
  const { diagnostics } = await store.doctor();
  return new Set(
    diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code),
  );
}

/** The item agrees with the thread, and nothing half-done lies about. */
async function assertSettled(store: TicketStore, operation: NamedOperation): Promise<void> {
  const { state, events } = await store.show(FIRST_ID);
  const last = events.findLast(({ kind, attributes }) =>
    kind === "state_changed" && isTicketState(attributes["to"])
  );
  assertEquals(state, last?.attributes["to"] ?? operation.state ?? "planning");
  const leftovers = Object.keys(filesIn(store.root)).filter((path) =>
    /(^|\/)\.[^/]+$/.test(path.replace(/\/$/, "")) && !path.endsWith("/.gitkeep")
  );
  assertEquals(leftovers, []);
}
