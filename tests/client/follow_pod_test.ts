import { assertEquals, assertRejects } from "@std/assert";
import {
  ClientError,
  followPod,
  type FollowPodOptions,
  type PodClient,
} from "../../lib/client/mod.ts";
import type { Event } from "../../lib/protocol/mod.ts";
import { delta, FakePod, shutdown, snapshot } from "./_fake_pod.ts";

function alert(message: string): Event {
  return { event: "alert", data: { level: "warn", source: "pod", message, timestamp_ms: 1 } };
}

async function follow(path: string, options: FollowPodOptions = {}): Promise<string[]> {
  const names: string[] = [];
  for await (const event of followPod(path, { firstDelayMs: 1, ...options })) {
    names.push(event.event === "alert" ? event.data.message : event.event);
  }
  return names;
}

Deno.test("followPod() connects again after a break, without repeating alerts (P8, P24)", async () => {
  let connections = 0;
  await using pod = new FakePod(async (connection) => {
    connections += 1;
    await connection.write(alert("old"), snapshot());
    if (connections === 1) await connection.writeText('{"event":"text_d');
    else await connection.write(alert("new"), delta("a"), shutdown);
  });
  const clients: PodClient[] = [];
  const names = await follow(pod.path, { onConnect: (client) => clients.push(client) });
  assertEquals(names.join(" "), "old snapshot snapshot new text_delta shutdown");
  assertEquals(
    (await Promise.all(clients.map(({ closed }) => closed))).map(({ reason }) => reason),
    [
      "ended",
      "ended",
    ],
  );
});

Deno.test("followPod() gives up after too many failures in a row", async () => {
  let connections = 0;
  await using pod = new FakePod(() => Promise.resolve(connections += 1));
  const error = await assertRejects(() => follow(pod.path, { attempts: 2 }), ClientError);
  assertEquals([error.code, connections], ["ended", 3]);
});

Deno.test("followPod() fails at once when there is no Pod", async () => {
  const error = await assertRejects(() => follow("/nowhere/sock"), ClientError);
  assertEquals(error.code, "not_found");
});

Deno.test("followPod() ends with its signal, also between two connections", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  await using pod = new FakePod((connection) => {
    connection.socket.close();
    setTimeout(() => controller.abort(), 0);
    return Promise.resolve();
  });
  const following = () => follow(pod.path, { signal, firstDelayMs: 60_000 });
  assertEquals((await assertRejects(following, ClientError)).code, "aborted");
});

Deno.test("followPod() lets go of the connection when the loop is left", async () => {
  await using pod = new FakePod(async (connection) => {
    await connection.write(snapshot());
    await connection.gone();
  });
  for await (const event of followPod(pod.path)) {
    assertEquals(event, snapshot());
    break;
  }
  await pod.served(1);
});
