/**
 * Makes many short connections in a process of its own and prints as JSON how many open sockets this
 * process had `before` and `after`. Arguments: `client` or `probe`, how many, and the socket; without
 * a socket it is its own Pod, so that both sides are counted.
 */
import { PodClient, probePod } from "../../lib/client/mod.ts";
import { countSockets, FakePod, snapshot } from "./_fake_pod.ts";

const [kind, total, path] = Deno.args;
const count = Number(total);
await using pod = path ? undefined : new FakePod(async (connection) => {
  await connection.write(snapshot());
  await connection.gone();
});
const socketPath = path ?? pod!.path;

async function connectOnce(index: number): Promise<void> {
  if (kind === "probe") {
    await probePod(socketPath, { snapshot: index % 2 === 0, deadlineMs: 60_000 });
  } else if (index % 2 === 0) {
    await using _client = await PodClient.connect(socketPath);
  } else {
    const client = await PodClient.connect(socketPath);
    client[Symbol.dispose]();
    await client.closed;
  }
}

await connectOnce(0);
await pod?.served(1);
const before = countSockets();
for (let done = 0; done < count; done += 20) {
  await Promise.all(Array.from({ length: 20 }, (_, index) => connectOnce(index)));
}
await pod?.served(1 + count);
const found = { before, after: countSockets() };
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(found)));
