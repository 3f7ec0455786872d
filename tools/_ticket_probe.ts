/**
 * One reading of a ticket root in a process of its own: `deno run tools/_ticket_probe.ts WHAT ROOT`
 * prints how many milliseconds it took, without the start of the runtime.
 *
 * @module
 */

import { TicketStore } from "../lib/ticket/store.ts";

/** What can be measured. */
const PROBES: Record<string, (root: string) => Promise<unknown>> = {
  files: (root) => Promise.resolve(readAll(root, ["item.md"])),
  records: (root) => Promise.resolve(readAll(root, ["item.md", "thread.md"])),
  list: (root) => TicketStore.open(root).list({ limit: Infinity }),
  "list --state": (root) => TicketStore.open(root).list({ states: ["ready"], limit: 50 }),
  ready: (root) => TicketStore.open(root).ready(),
  show: (root) => TicketStore.open(root).show(firstOf(root)),
  "show, warm": async (root) => {
    const store = TicketStore.open(root);
    await store.show(firstOf(root));
    return () => store.show(firstOf(root));
  },
  search: (root) => TicketStore.open(root).search(["nowhere"]),
  log: (root) => TicketStore.open(root).log({ limit: 50 }),
  doctor: (root) => TicketStore.open(root).doctor(),
  create: async (root) => {
    const store = TicketStore.open(root);
    await store.create({ title: "Warm up" });
    return () => store.create({ title: "Measured" });
  },
  comment: async (root) => {
    const store = TicketStore.open(root);
    const id = firstOf(root);
    await store.comment(id, { body: "Warm up." });
    return () => store.comment(id, { body: "Measured." });
  },
};

function readAll(root: string, names: readonly string[]): number {
  let size = 0;
  for (const { name, isDirectory } of Deno.readDirSync(root)) {
    if (!isDirectory) continue;
    for (const file of names) size += Deno.readTextFileSync(`${root}/${name}/${file}`).length;
  }
  return size;
}

function firstOf(root: string): string {
  return [...Deno.readDirSync(root)].filter((entry) => entry.isDirectory)
    .map(({ name }) => name).sort()[5]!;
}

const [what = "", root = ""] = Deno.args;
const probe = PROBES[what];
if (!probe) throw new Error(`Cannot measure "${what}": choose one of ${Object.keys(PROBES)}`);
let start = performance.now();
const result = await probe(root);
if (typeof result === "function") {
  start = performance.now();
  await result();
}
await Deno.stdout.write(new TextEncoder().encode(`${performance.now() - start}\n`));
