import { assertEquals, assertRejects } from "@std/assert";
import { readHeads } from "../../lib/ticket/_item_heads.ts";
import { makeFifo, withRoot } from "./_ticket_root.ts";

async function headsOf(paths: readonly string[], workerFrom: number): Promise<(string | null)[]> {
  const heads: (string | null)[] = [];
  const visits = new Map<number, number>();
  await readHeads(paths, (index, head) => {
    visits.set(index, (visits.get(index) ?? 0) + 1);
    heads[index] = head;
  }, { workerFrom });
  assertEquals([...visits.values()].filter((count) => count !== 1), []);
  assertEquals(visits.size, paths.length);
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
    const paths = contents.map(([content], index) => {
      const path = `${root}/${index}`;
      if (typeof content === "string") Deno.writeTextFileSync(path, content);
      else Deno.writeFileSync(path, content);
      return path;
    });
    const expected = contents.map(([, head]) => head);
    await makeFifo(`${root}/pipe`);
    await Deno.symlink(paths[0]!, `${root}/link`);
    const all = [...paths, `${root}/pipe`, `${root}/link`, `${root}/none`, root];
    assertEquals(await headsOf(all, Infinity), [...expected, null, null, null, null]);
  });
});

Deno.test("readHeads() gives the same with a worker", async () => {
  await withRoot(async (root) => {
    const paths = Array.from({ length: 1500 }, (_, index) => `${root}/${index}`);
    for (const [index, path] of paths.entries()) {
      if (index % 7 !== 3) await Deno.writeTextFile(path, `---\ntitle: '${index}'\n---\n`);
    }
    const alone = await headsOf(paths, Infinity);
    assertEquals(await headsOf(paths, 0), alone);
    assertEquals(alone[1], "---\ntitle: '1'\n---\n");
    assertEquals(alone[3], null);
  });
});

Deno.test("readHeads() ends with the signal's reason", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await assertRejects(() => readHeads(["/nowhere"], () => {}, { signal }), Error, "enough");
});

Deno.test("readHeads() passes on what the visitor throws, with and without a worker", async () => {
  const paths = Array.from({ length: 600 }, (_, index) => `/nowhere/${index}`);
  for (const workerFrom of [0, Infinity]) {
    await assertRejects(
      () =>
        readHeads(paths, () => {
          throw new Error("visitor");
        }, { workerFrom }),
      Error,
      "visitor",
    );
  }
});

Deno.test("readHeads() reads what a worker has taken and not read when that fails", async () => {
  const paths = Array.from({ length: 1500 }, (_, index) => `/nowhere/${index}`);
  const { Worker } = globalThis;
  globalThis.Worker = FailingWorker as unknown as typeof Worker;
  try {
    assertEquals(await headsOf(paths, 0), paths.map(() => null));
  } finally {
    globalThis.Worker = Worker;
  }
});

/** Takes the first slice, and fails. */
class FailingWorker {
  onerror: ((event: Event) => void) | undefined;

  postMessage({ next, slice }: { next: Int32Array; slice: number }): void {
    Atomics.add(next, 0, slice);
    queueMicrotask(() => this.onerror?.(new Event("error", { cancelable: true })));
  }

  terminate(): void {}
}
