import { assertEquals, assertRejects } from "@std/assert";
import { type ItemFiles, readHeads } from "../../lib/ticket/_item_heads.ts";
import { makeFifo, withRoot } from "./_ticket_root.ts";

async function headsOf(files: ItemFiles, workerFrom: number): Promise<(string | null)[]> {
  const heads: (string | null)[] = [];
  const visits = new Map<number, number>();
  await readHeads(files, (index, head) => {
    visits.set(index, (visits.get(index) ?? 0) + 1);
    heads[index] = head;
  }, { workerFrom });
  assertEquals([...visits.values()].filter((count) => count !== 1), []);
  assertEquals(visits.size, files.folders.length);
  return heads;
}

Deno.test("readHeads() reads up to the closing line, and says null for what is not so simple", async () => {
  await withRoot(async (root) => {
    const long = `---\ntitle: '${"x".repeat(3000)}'\n---\n`;
    const contents: [string | Uint8Array, string | null][] = [
      ["---\ntitle: 'a'\n---\nbody", "---\ntitle: 'a'\n---\n"],
      ["---\r\ntitle: 'a'\r\n---\r\nbody", "---\r\ntitle: 'a'\r\n---\r\n"],
      ["\ufeff---\n---\n---\n", "\ufeff---\n---\n"],
      ["---\n----\n--- \n---\nb", "---\n----\n--- \n---\n"],
      ["no frontmatter", null],
      ["", null],
      ["---\ntitle: 'a'\n---", null],
      [long, null],
      [
        new Uint8Array([...new TextEncoder().encode("---\na: \xff"), 0xff, 10, 45, 45, 45, 10]),
        null,
      ],
      ["---\na: 日本\n---\n", "---\na: 日本\n---\n"],
    ];
    const folders = [...contents.keys()].map(String).concat("pipe", "link", "folder", "none");
    for (const folder of folders) await Deno.mkdir(`${root}/${folder}`);
    for (const [index, [content]] of contents.entries()) {
      const path = `${root}/${index}/item.md`;
      if (typeof content === "string") await Deno.writeTextFile(path, content);
      else await Deno.writeFile(path, content);
    }
    await makeFifo(`${root}/pipe/item.md`);
    await Deno.symlink(`${root}/0/item.md`, `${root}/link/item.md`);
    await Deno.mkdir(`${root}/folder/item.md`);
    const all = [...folders, "missing"];
    const expected = all.map((_, index) => contents[index]?.[1] ?? null);
    assertEquals(await headsOf({ root, folders: all }, Infinity), expected);
  });
});

Deno.test("readHeads() gives the same with a worker", async () => {
  await withRoot(async (root) => {
    const folders = Array.from({ length: 1500 }, (_, index) => `${index}`);
    for (const folder of folders) {
      if (Number(folder) % 7 === 3) continue;
      await Deno.mkdir(`${root}/${folder}`);
      await Deno.writeTextFile(`${root}/${folder}/item.md`, `---\ntitle: '${folder}'\n---\n`);
    }
    const alone = await headsOf({ root, folders }, Infinity);
    assertEquals(await headsOf({ root, folders }, 0), alone);
    assertEquals(alone[1], "---\ntitle: '1'\n---\n");
    assertEquals(alone[3], null);
  });
});

Deno.test("readHeads() ends with the signal's reason", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await assertRejects(() => readHeads(nowhere(1), () => {}, { signal }), Error, "enough");
});

Deno.test("readHeads() passes on what the visitor throws, with and without a worker", async () => {
  for (const workerFrom of [0, Infinity]) {
    await assertRejects(
      () =>
        readHeads(nowhere(600), () => {
          throw new Error("visitor");
        }, { workerFrom }),
      Error,
      "visitor",
    );
  }
});

Deno.test("readHeads() reads what a worker has taken and not read when that fails", async () => {
  const files = nowhere(1500);
  const { Worker } = globalThis;
  globalThis.Worker = FailingWorker as unknown as typeof Worker;
  try {
    assertEquals(await headsOf(files, 0), files.folders.map(() => null));
  } finally {
    globalThis.Worker = Worker;
  }
});

/** Tickets that are not there. */
function nowhere(length: number): ItemFiles {
  return { root: "/nowhere", folders: Array.from({ length }, (_, index) => `${index}`) };
}

/** Takes the first slice, and fails. */
class FailingWorker {
  onerror: ((event: Event) => void) | undefined;

  postMessage({ next, slice }: { next: Int32Array; slice: number }): void {
    Atomics.add(next, 0, slice);
    queueMicrotask(() => this.onerror?.(new Event("error", { cancelable: true })));
  }

  terminate(): void {}
}
