import { assertEquals, assertRejects } from "@std/assert";
import { CliError } from "../../lib/cli/cli_error.ts";
import { firstEvent, watch } from "../../lib/cli/watch.ts";
import { PodClient } from "../../lib/client/pod_client.ts";

/** A client of a Pod that takes the connection and hangs. */
function ofSilentPod(): PodClient {
  const { readable } = new TransformStream<Uint8Array, Uint8Array>();
  return PodClient.from({ readable, writable: new WritableStream<Uint8Array>() });
}

Deno.test("watch() gives a Pod up that never says a word, and says so", async () => {
  await using client = ofSilentPod();
  const error = await assertRejects(
    () =>
      watch(client, {
        render: () => "",
        write: () => Promise.resolve(),
        signal: new AbortController().signal,
        greetingMs: 10,
      }),
    CliError,
    "The Pod has not said a word within 0.01 s",
  );
  assertEquals(error.code, "failed");
});

Deno.test("firstEvent() rejects with the reason of its signal when that comes first", async () => {
  await using client = ofSilentPod();
  const stop = new AbortController();
  const waiting = firstEvent(client, stop.signal);
  stop.abort(new CliError("interrupted", "enough"));
  const error = await assertRejects(() => waiting);
  assertEquals(error instanceof CliError && error.code === "failed", false);
});
