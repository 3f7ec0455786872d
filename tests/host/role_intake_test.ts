import { assert, assertEquals } from "@std/assert";
import { PodClient } from "../../lib/client/pod_client.ts";
import type { PodHandle } from "../../lib/pod/mod.ts";
import { answering, ask, calling, readUntil, TicketHome } from "./_ticket_home.ts";

const HANG = [{ hang: true }];

/** Whether the Pod still takes Methods, after it had every chance to leave. */
async function stays(pod: PodHandle): Promise<boolean> {
  // An answer over the socket takes longer than a wish of this process's takes to arrive.
  await using client = await PodClient.connect(pod.socketPath);
  await client.send({ method: "list_rewind_targets" });
  for await (const event of client) if (event.event === "rewind_targets") break;
  await pod.send({ method: "notify", params: { message: "still there?", auto_run: false } });
  return true;
}

Deno.test("IntakeRole intake_ready: a ready ticket ends the Pod once its turn is idle", async () => {
  await using home = await TicketHome.make();
  const ticket = await home.store.create({ title: "Cache the index" });
  const calls = [
    calling(["TicketIntakeReady", { ticket, intake_summary: "Clear." }]),
    answering("The ticket is ready."),
  ];
  await using pod = await home.start({ role: "intake", calls });
  const events = await ask(pod);
  assert(events.some((event) => event.event === "text_delta"), "the turn went on to its end");
  assertEquals(await pod.done, { reason: "shutdown" });
  assertEquals((await home.store.show(ticket)).state, "ready");
});

Deno.test("IntakeRole intake_ready: a turn that fails afterwards ends the Pod as well", async () => {
  await using home = await TicketHome.make();
  const ticket = await home.store.create({ title: "Cache the index" });
  const calls = [
    calling(["TicketIntakeReady", { ticket, intake_summary: "Clear." }]),
    [{ fail: { status: 400, message: "no more" } }],
  ];
  await using pod = await home.start({ role: "intake", calls });
  const events = await ask(pod);
  assert(events.some((event) => event.event === "error"));
  await pod.done;
});

Deno.test("IntakeRole intake_ready: a failed result, another tool, another role: the Pod stays", async () => {
  await using home = await TicketHome.make();
  const ticket = await home.store.create({ title: "Cache the index" });
  const ready = calling(["TicketIntakeReady", { ticket, intake_summary: "Clear." }]);
  const failing = calling(["TicketIntakeReady", { ticket, intake_summary: " " }]);
  const comment = calling(["TicketComment", { ticket, role: "comment", body: "Hm." }]);
  {
    const calls = [failing, answering(), comment, answering()];
    await using pod = await home.start({ name: "first", role: "intake", calls });
    const events = await ask(pod);
    assert(
      events.some(({ event, ...rest }) =>
        event === "tool_result" && JSON.stringify(rest).includes("TicketIntakeReady failed")
      ),
    );
    assert(await stays(pod));
    await ask(pod);
    assert(await stays(pod));
  }
  await using pod = await home.start({
    name: "second",
    role: "coder",
    calls: [ready, answering()],
  });
  await ask(pod);
  assertEquals((await home.store.show(ticket)).state, "ready");
  assert(await stays(pod));
});

Deno.test("IntakeRole flag_needs_idle: a pause leaves the Pod, its next idle ends it", async () => {
  await using home = await TicketHome.make();
  const ticket = await home.store.create({ title: "Cache the index" });
  const calls = [
    calling(["TicketIntakeReady", { ticket, intake_summary: "Clear." }]),
    HANG,
    answering(),
  ];
  await using pod = await home.start({ role: "intake", calls });
  const events = pod.subscribe();
  await pod.send({ method: "run", params: { input: [{ kind: "text", content: "go" }] } });
  let modelCalls = 0;
  await readUntil(events, (event) => {
    if (event.event === "llm_call_start" && ++modelCalls === 2) {
      void pod.send({ method: "pause" });
    }
    return event.event === "status" && event.data.status === "paused";
  });
  assert(await stays(pod));
  assertEquals(pod.status, "paused");
  const resumed = pod.subscribe();
  await pod.send({ method: "resume" });
  const rest = await readUntil(resumed, (event) => event.event === "shutdown");
  const names = rest.map((event) => event.event === "status" ? event.data.status : event.event);
  assert(names.indexOf("idle") < names.indexOf("shutdown"));
  await pod.done;
});

Deno.test("IntakeRole ends with its Pod, whoever shuts that down", async () => {
  await using home = await TicketHome.make();
  const ticket = await home.store.create({ title: "Cache the index" });
  const calls = [calling(["TicketIntakeReady", { ticket, intake_summary: "Clear." }]), HANG];
  await using pod = await home.start({ role: "intake", calls });
  const events = pod.subscribe();
  await pod.send({ method: "run", params: { input: [{ kind: "text", content: "go" }] } });
  let modelCalls = 0;
  await readUntil(events, (event) => event.event === "llm_call_start" && ++modelCalls === 2);
  await pod.send({ method: "shutdown" });
  assertEquals(await pod.done, { reason: "shutdown" });
});
