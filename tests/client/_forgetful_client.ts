/**
 * Connects to the given socket, forgets the client and collects garbage until the client's `closed`
 * says how it ended. Prints that, and stays until stdin ends. Needs `--v8-flags=--expose-gc`.
 */
import { type ClientEnding, PodClient } from "../../lib/client/mod.ts";

const { gc } = globalThis as unknown as { gc(): void };

async function connectAndForget(path: string): Promise<{ closed: Promise<ClientEnding> }> {
  const client = await PodClient.connect(path);
  await client.nextEvent();
  return { closed: client.closed };
}

let found = "still open";
const { closed } = await connectAndForget(Deno.args[0]!);
const told = closed.then(({ reason }) => found = reason);
for (let round = 0; round < 500 && found === "still open"; round++) {
  gc();
  await new Promise((resolve) => setTimeout(resolve, 1));
}
Deno.stdout.writeSync(new TextEncoder().encode(`${found}\n`));
for await (const _ of Deno.stdin.readable) continue;
if (found !== "still open") await told;
Deno.exit();
