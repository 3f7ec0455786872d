import { assertEquals, assertRejects } from "@std/assert";
import {
  ClientError,
  PodClient,
  runAndConfirm,
  type RunAndConfirmOptions,
  type RunVerdict,
} from "../../lib/client/mod.ts";
import { encodeEvent, type Event, type Method, type Segment } from "../../lib/protocol/mod.ts";
import { JsonLineReader } from "../../lib/stream/json_lines.ts";
import { delta, shutdown, snapshot } from "./_fake_pod.ts";

const input: Segment[] = [{ kind: "text", content: "explain" }, { kind: "drawing", strokes: [1] }];
const userMessage: Event = {
  event: "user_message",
  data: { segments: [{ kind: "text", content: "explain" }, { kind: "unknown" }] },
};
const strangersMessage: Event = {
  event: "user_message",
  data: { segments: [{ kind: "text", content: "something else" }] },
};
const running: Event = { event: "status", data: { status: "running" } };
const idle: Event = { event: "status", data: { status: "idle" } };
const invokeStart: Event = { event: "invoke_start", data: { kind: "user_send" } };

function failure(code: "already_running" | "internal" | "invalid_request"): Event {
  return { event: "error", data: { code, message: `it is ${code}` } };
}

/** The verdict on a Pod that writes `before`, reads the run, then writes `after` and maybe ends. */
async function confirm(
  before: Event[],
  after: (run: Method) => Event[],
  options: RunAndConfirmOptions & { thenEnd?: boolean } = {},
): Promise<RunVerdict> {
  const toClient = new TransformStream<Uint8Array, Uint8Array>();
  const toPod = new TransformStream<Uint8Array, Uint8Array>();
  const serve = async () => {
    const writer = toClient.writable.getWriter();
    const write = (events: Event[]) =>
      writer.write(
        new TextEncoder().encode(
          events.map((event) => `${encodeEvent(event, { keepUnknown: true })}\n`).join(""),
        ),
      );
    await write(before);
    await using methods = new JsonLineReader<Method>(toPod.readable);
    const run = await methods.read();
    if (run) await write(after(run));
    if (options.thenEnd) await writer.close();
    else await methods.read();
  };
  await using client = PodClient.from({ readable: toClient.readable, writable: toPod.writable });
  const serving = serve().catch(() => "the client is gone");
  const verdict = await runAndConfirm(client, input, options);
  await client.close();
  await serving;
  return verdict;
}

Deno.test("runAndConfirm() accepts its own id, and sends the input as it is", async () => {
  let sent: Method | undefined;
  const verdict = await confirm([snapshot()], (run) => {
    sent = run;
    return [{ ...running, id: run.id! }];
  });
  assertEquals(verdict, { verdict: "accepted", evidence: "id" });
  assertEquals(sent, { method: "run", params: { input }, id: sent?.id! });
});

Deno.test("runAndConfirm() accepts a user_message with equal segments", async () => {
  const after = [running, invokeStart, userMessage];
  assertEquals(await confirm([snapshot()], () => after), {
    verdict: "accepted",
    evidence: "user_message",
  });
});

Deno.test("runAndConfirm() does not take somebody else's run for its own (P20)", async () => {
  const after = [running, invokeStart, strangersMessage, failure("already_running")];
  assertEquals(await confirm([snapshot()], () => after), {
    verdict: "busy",
    message: "it is already_running",
  });
});

Deno.test("runAndConfirm() ignores an error that answers somebody else's Method", async () => {
  const after = (run: Method): Event[] => [
    { ...failure("invalid_request"), id: "somebody else" },
    { ...failure("already_running"), id: run.id! },
  ];
  assertEquals((await confirm([snapshot()], after)).verdict, "busy");
});

Deno.test("runAndConfirm() ignores the failing turn of a Pod that is running", async () => {
  const after = [failure("internal"), idle, running, userMessage];
  assertEquals((await confirm([snapshot("running")], () => after)).verdict, "accepted");
});

Deno.test("runAndConfirm() tells a refusal with its code", async () => {
  const refused: RunVerdict = {
    verdict: "refused",
    code: "invalid_request",
    message: "it is invalid_request",
  };
  assertEquals(await confirm([snapshot()], () => [failure("invalid_request")]), refused);
  assertEquals(await confirm([failure("invalid_request")], () => []), refused);
});

Deno.test("runAndConfirm() takes activity alone for acceptance when the time is over", async () => {
  const options = { timeoutMs: 30 };
  const after: Event[] = [{ event: "compact_start" }, running, delta("a")];
  assertEquals(await confirm([snapshot()], () => after, options), {
    verdict: "accepted",
    evidence: "activity",
  });
  // Not when the Pod had been active before, or for somebody else.
  const stale = await confirm([snapshot("running")], () => after, options);
  assertEquals(stale.verdict, "unknown");
  const others = [running, invokeStart, strangersMessage];
  assertEquals((await confirm([snapshot()], () => others, options)).verdict, "unknown");
});

Deno.test("runAndConfirm() does not know after silence, an end, or a shutdown", async () => {
  const codeOf = async (after: Event[], options: RunAndConfirmOptions & { thenEnd?: boolean }) => {
    const result = await confirm([snapshot()], () => after, options);
    return result.verdict === "unknown" ? result.error.code : result.verdict;
  };
  assertEquals(await codeOf([delta("a")], { timeoutMs: 20 }), "timeout");
  assertEquals(await codeOf([running], { thenEnd: true }), "ended");
  assertEquals(await codeOf([shutdown], { thenEnd: true }), "ended");
});

Deno.test("runAndConfirm() does not know after a write that failed", async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const source = writable.getWriter();
  void source.write(new TextEncoder().encode(`${encodeEvent(snapshot())}\n`));
  const broken = new WritableStream({
    write() {
      throw new Error("cable cut");
    },
  });
  await using client = PodClient.from({ readable, writable: broken });
  const result = await runAndConfirm(client, input, { timeoutMs: 60_000 });
  assertEquals(result.verdict === "unknown" && result.error.code, "connection_failed");
});

Deno.test("runAndConfirm() hands every event it reads to onEvent", async () => {
  const seen: string[] = [];
  const onEvent = (event: Event) => seen.push(event.event);
  await confirm([snapshot(), delta("old")], () => [running, userMessage], { onEvent });
  assertEquals(seen.join(" "), "snapshot text_delta status user_message");
});

Deno.test("runAndConfirm() rejects when its signal is aborted", async () => {
  const controller = new AbortController();
  const after = () => {
    controller.abort();
    return [];
  };
  const error = await assertRejects(
    () => confirm([snapshot()], after, { signal: controller.signal }),
    ClientError,
  );
  assertEquals(error.code, "aborted");
});

Deno.test("runAndConfirm() takes a later snapshot that holds the input for activity", async () => {
  const again = (segments: Segment[]): Event =>
    snapshot("running", [{ kind: "invoke" }, { kind: "user_input", segments }]);
  const options = { timeoutMs: 50 };
  assertEquals(await confirm([snapshot()], () => [again(input)], options), {
    verdict: "accepted",
    evidence: "activity",
  });
  const strange = await confirm(
    [snapshot()],
    () => [again([{ kind: "text", content: "x" }])],
    options,
  );
  assertEquals(strange.verdict, "unknown");
});
