/** Adds 1 to the number in a file, many times, each time under the lock beside it. @module */

import { LockFile } from "../../lib/file/lock_file.ts";

const [path, times] = [Deno.args[0]!, Number(Deno.args[1])];
for (let index = 0; index < times; index++) {
  using _lock = await LockFile.acquire(`${path}.lock`, { timeoutMs: Infinity });
  const value = Number(await Deno.readTextFile(path));
  await Deno.writeTextFile(path, String(value + 1));
}
