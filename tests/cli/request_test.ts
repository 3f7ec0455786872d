import { assertEquals, assertRejects } from "@std/assert";
import { CliError } from "../../lib/cli/cli_error.ts";
import { request } from "../../lib/cli/request.ts";
import { PodClient } from "../../lib/client/pod_client.ts";
import { encodeEvent } from "../../lib/protocol/encode.ts";
import type { Event, Greeting } from "../../lib/protocol/event.ts";

const GREETING: Greeting = {
  pod_name: "demo",
  cwd: "/work",
  provider: "unknown",
  model: "offline",
  scope_summary: "",
  tools: [],
  context_window: 0,
  context_tokens: 0,
};

/** A client of a Pod that greets, and answers one Method with what `answer` makes of its id. */
function podThat(answer: (id: string) => Event[], features: string[]): PodClient {
  const encoder = new TextEncoder();
  const lines = (events: Event[]) =>
    encoder.encode(
      events.map((event) => `${encodeEvent(event, { keepUnknown: true })}\n`).join(""),
    );
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const snapshot: Event = {
    event: "snapshot",
    data: { entries: [], greeting: { ...GREETING, features }, status: "idle" },
  };
  const greeted = writer.write(lines([snapshot]));
  const methods = new WritableStream<Uint8Array>({
    async write(chunk) {
      await greeted;
      await writer.write(lines(answer(JSON.parse(new TextDecoder().decode(chunk)).id)));
    },
  });
  return PodClient.from({ readable, writable: methods });
}

const refusal = (id?: string): Event => ({
  event: "error",
  data: { code: "not_running", message: "no turn is running" },
  ...(id === undefined ? {} : { id }),
});
const options = {
  timeoutMs: 5_000,
  signal: new AbortController().signal,
  judge: (event: Event) => event.event === "run_end" ? event.data.result : undefined,
};
const ended: Event = { event: "run_end", data: { result: "paused" } };

Deno.test("request() gives the first answer, whatever comes before it", async () => {
  await using client = podThat((id) => [refusal("somebody"), ended, refusal(id)], ["method_id"]);
  assertEquals(await request(client, { method: "pause" }, options), "paused");
});

Deno.test("request() rejects with the words of a refusal", async () => {
  for (const features of [["method_id"], []]) {
    await using client = podThat((id) => [refusal(features.length > 0 ? id : undefined)], features);
    await assertRejects(
      () => request(client, { method: "pause" }, options),
      CliError,
      "no turn is running",
    );
  }
});

Deno.test("request() rejects when the Pod leaves", async () => {
  await using client = podThat(() => [{ event: "shutdown" }], ["method_id"]);
  await assertRejects(
    () => request(client, { method: "pause" }, options),
    CliError,
    "the Pod has shut down",
  );
});

Deno.test("request() gives nothing when the time is over", async () => {
  await using client = podThat(() => [], ["method_id"]);
  assertEquals(await request(client, { method: "pause" }, { ...options, timeoutMs: 1 }), undefined);
});

Deno.test("request() fails when the Pod greets and then takes no more bytes", async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const snapshot: Event = {
    event: "snapshot",
    data: { entries: [], greeting: GREETING, status: "idle" },
  };
  const greeted = writer.write(new TextEncoder().encode(`${encodeEvent(snapshot)}\n`));
  const stuck = Promise.withResolvers<void>();
  const methods = new WritableStream<Uint8Array>({ write: () => stuck.promise });
  await using client = PodClient.from({ readable, writable: methods });
  await assertRejects(
    () => request(client, { method: "pause" }, { ...options, timeoutMs: 20 }),
    CliError,
    "Cannot pause: the Pod has not taken it within 0.02 s",
  );
  await greeted;
  stuck.resolve();
});
