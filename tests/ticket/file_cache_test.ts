import { assertEquals } from "@std/assert";
import { FileCache } from "../../lib/ticket/_file_cache.ts";
import { withRoot } from "./_ticket_root.ts";

Deno.test("FileCache keeps what was read for as long as the file looks the same", async () => {
  await withRoot(async (root) => {
    const path = `${root}/file`;
    await Deno.writeTextFile(path, "a");
    const cache = new FileCache<string>(() => Date.now() + 60_000);
    const before = await Deno.lstat(path);
    assertEquals([cache.has(path), cache.get(path, before)], [false, undefined]);
    cache.set(path, before, "a");
    assertEquals([cache.has(path), cache.get(path, await Deno.lstat(path))], [true, "a"]);
    await Deno.writeTextFile(path, "ab");
    assertEquals(cache.get(path, await Deno.lstat(path)), undefined);
    cache.keepOnly(new Set([path]));
    assertEquals(cache.has(path), true);
    cache.keepOnly(new Set());
    assertEquals(cache.has(path), false);
  });
});

Deno.test("FileCache keeps nothing of a file that has changed a moment ago", async () => {
  await withRoot(async (root) => {
    const path = `${root}/file`;
    await Deno.writeTextFile(path, "a");
    const info = await Deno.lstat(path);
    let now = info.mtime!.getTime() + 1_001;
    const cache = new FileCache<string>(() => now);
    cache.set(path, info, "a");
    assertEquals(cache.get(path, info), "a");
    now -= 2;
    cache.set(path, info, "a");
    assertEquals(cache.get(path, info), undefined);
  });
});
