import { assertEquals, assertRejects } from "@std/assert";
import { letWriterEnd } from "../../lib/ticket/_second_look.ts";
import { HOLDER_FILE, WriteLock } from "../../lib/ticket/_write_lock.ts";

Deno.test("letWriterEnd() waits for the writer of this moment, not for the next one", async () => {
  const root = await Deno.makeTempDir();
  const lock = new WriteLock(root);
  const first = await lock.acquire();
  let isFirstAtWork = true;
  const next = lock.acquire();
  const timer = setTimeout(() => {
    isFirstAtWork = false;
    first[Symbol.dispose]();
  }, 100);
  await letWriterEnd(root, undefined);
  assertEquals(isFirstAtWork, false);
  clearTimeout(timer);
  (await next)[Symbol.dispose]();
  await Deno.remove(root, { recursive: true });
});

Deno.test("letWriterEnd() ends with its signal's reason, and by itself where a dead writer left its name", async () => {
  const root = await Deno.makeTempDir();
  await Deno.writeTextFile(`${root}/${HOLDER_FILE}`, "");
  await letWriterEnd(root, undefined);
  const reason = new Error("enough");
  assertEquals(await assertRejects(() => letWriterEnd(root, AbortSignal.abort(reason))), reason);
  await Deno.remove(root, { recursive: true });
});
