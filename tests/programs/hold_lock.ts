/** Takes the lock in its argument, prints `held`, keeps it until it is killed. @module */

import { LockFile } from "../../lib/file/lock_file.ts";

using _lock = await LockFile.acquire(Deno.args[0]!, { text: `pid ${Deno.pid}` });
await Deno.stdout.write(new TextEncoder().encode("held\n"));
await new Promise(() => setInterval(() => undefined, 60_000));
