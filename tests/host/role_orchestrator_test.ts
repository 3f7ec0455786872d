import { assert, assertEquals, assertRejects } from "@std/assert";
import { locksDir, podsRoot } from "../../lib/config/paths.ts";
import type { TicketSettings } from "../../lib/fleet/manifest.ts";
import { PodStore } from "../../lib/fleet/pod_store.ts";
import { openTicketDesk } from "../../lib/host/ticket_desk.ts";
import { OrchestratorRole } from "../../lib/host/role_orchestrator.ts";
import type { LivePeer, PeersPort } from "../../lib/host/role_peers.ts";
import type { PostToolInput } from "../../lib/worker/hooks.ts";
import { answering, ask, calling, LIFECYCLE, TicketHome } from "./_ticket_home.ts";

/** Peers that live as long as they are named, and what they were told. */
class FakePeers implements PeersPort {
  readonly asked: string[] = [];
  readonly told: { message: string; autoRun: boolean }[] = [];
  readonly #live: LivePeer = {
    notify: (message, { autoRun }) => {
      this.told.push({ message, autoRun });
      return Promise.resolve();
    },
  };

  constructor(readonly names: readonly string[] = ["garden"]) {}

  livePeer(name: string): Promise<LivePeer | undefined> {
    this.asked.push(name);
    return Promise.resolve(this.names.includes(name) ? this.#live : undefined);
  }
}

const result = (toolName: string, content: unknown, rest: Partial<PostToolInput> = {}) => ({
  callId: "c",
  toolName,
  isError: false,
  summary: "Done",
  content: JSON.stringify(content),
  ...rest,
});

Deno.test("OrchestratorRole ticket_notice: changes reach the live peer, weakly and in order", async () => {
  await using home = await TicketHome.make();
  const ticket = await home.store.create({ title: "Cache the index" });
  const peers = new FakePeers();
  const calls = [
    calling(["TicketIntakeReady", { ticket, intake_summary: "A secret plan." }]),
    calling(["TicketShow", { id: ticket }], ["TicketDoctor", {}]),
    calling(["TicketQueue", { ticket }]),
    calling(["TicketComment", { ticket, role: "plan", body: "A secret body." }]),
    calling(["TicketClose", { ticket, resolution: "A secret end." }]),
    calling(["TicketClose", { ticket: "00001KT07NV0Z", resolution: "x" }]),
    answering(),
  ];
  {
    await using pod = await home.start({ role: "Orchestrator", peers, calls });
    await ask(pod);
  }
  assertEquals(peers.told.map(({ autoRun }) => autoRun), [false, false, false, false]);
  const lines = peers.told.map(({ message }) => message.split("\n"));
  assertEquals(lines.map((of) => of.find((line) => line.startsWith("Event:"))), [
    "Event: state/planning->ready",
    "Event: state/ready->queued",
    "Event: comment/plan",
    "Event: close/resolution",
  ]);
  for (const [index, { message }] of peers.told.entries()) {
    assert(!message.includes("secret"), message);
    assert(message.includes(`\nTicket: ${ticket}\nTitle: Cache the index\nState: `), message);
    const file = ["item.md", "item.md", "thread.md", "resolution.md"][index];
    assert(message.endsWith(`\nPath: .yoi/tickets/${ticket}/${file}`), message);
  }
});

Deno.test("OrchestratorRole ticket_notice: a peer of the record gets it in its history", async () => {
  await using home = await TicketHome.make();
  const { data, runtime } = home.paths;
  const store = new PodStore({ root: podsRoot(data), locks: locksDir(runtime) });
  await store.update("agent", (record) => ({ ...record, peers: [{ pod_name: "garden" }] }));
  const ticket = await home.store.create({ title: "Cache the index" });
  const review = calling(["TicketReview", { ticket, result: "approve", body: "Fine." }]);
  await using companion = await home.start({ name: "garden", calls: [answering("I see.")] });
  {
    await using pod = await home.start({ role: "orchestrator", calls: [review, answering()] });
    await ask(pod);
  }
  assertEquals(companion.status, "idle");
  const seen = JSON.stringify(await ask(companion));
  assert(seen.includes("Event: review/approve"));
  assert(!seen.includes("Fine."));
});

Deno.test("OrchestratorRole ticket_notice: no live peer, nothing sent, and the turn is none the worse", async () => {
  await using home = await TicketHome.make();
  const ticket = await home.store.create({ title: "Cache the index" });
  const peers = new FakePeers([]);
  const comment = calling(["TicketComment", { ticket, role: "comment", body: "Hm." }]);
  {
    await using pod = await home.start({
      role: "orchestrator",
      peers,
      calls: [comment, answering()],
    });
    const events = await ask(pod);
    assert(events.some((event) => event.event === "run_end" && event.data.result === "finished"));
  }
  assertEquals([peers.asked, peers.told], [["garden"], []]);
});

Deno.test("OrchestratorRole is not installed where its conditions are not met", async () => {
  const conditions: [string, { name?: string; role?: string }, string?][] = [
    ["another role", { role: "coder" }],
    ["the companion itself", { name: "garden" }],
    ["no configuration", {}, "none"],
  ];
  for (const [what, { name = "agent", role = "orchestrator" }, config] of conditions) {
    await using home = await TicketHome.make(config === "none" ? null : "");
    const ticket = await home.store.create({ title: "Cache the index" });
    const peers = new FakePeers();
    const comment = calling(["TicketComment", { ticket, role: "comment", body: "Hm." }]);
    const calls = [comment, answering()];
    {
      await using pod = await home.start({ name, role, peers, calls, tickets: LIFECYCLE });
      await ask(pod);
    }
    assertEquals((await home.store.show(ticket)).events.length, 2, what);
    assertEquals(peers.asked, [], what);
  }
});

Deno.test("openTicketDesk() makes an orchestrator only of a Pod that may change tickets", async () => {
  await using home = await TicketHome.make();
  const hasRole = async (tickets: TicketSettings) => {
    const manifest = {
      name: "agent",
      model: "builtin:offline",
      cwd: home.cwd,
      allow: [],
      deny: [],
      tickets,
      ticketRole: "orchestrator",
    };
    const { role } = await openTicketDesk(manifest, { peers: new FakePeers() });
    await role?.[Symbol.asyncDispose]();
    return role !== undefined;
  };
  assert(await hasRole(LIFECYCLE));
  assert(!await hasRole({ ...LIFECYCLE, access: "read_only" }));
  assert(!await hasRole({ ...LIFECYCLE, base: false }));
});

Deno.test("OrchestratorRole tells what it can when the ticket cannot be read", async () => {
  const peers = new FakePeers();
  {
    await using role = new OrchestratorRole({
      store: { show: () => Promise.reject(new Error("a secret path")) },
      ticketFolder: ".yoi/tickets",
      companion: "garden",
      peers,
    });
    const answer = { ticket: "T", event: "plan", ok: true };
    await role.hook.postTool!(result("TicketComment", answer));
    await role.hook.postTool!(result("TicketComment", answer, { isError: true }));
  }
  assertEquals(peers.told.length, 1);
  const [{ message } = { message: "" }] = peers.told;
  assert(message.includes("\nTicket: T\nEvent: comment/plan\nSummary: Done\n"), message);
});

Deno.test("OrchestratorRole keeps at most 32 notices waiting for a slow peer", async () => {
  const gate = Promise.withResolvers<void>();
  const told: string[] = [];
  const live: LivePeer = {
    async notify(message) {
      await gate.promise;
      told.push(message);
    },
  };
  {
    await using role = new OrchestratorRole({
      store: { show: () => Promise.reject(new Error("unused")) },
      ticketFolder: ".yoi/tickets",
      companion: "garden",
      peers: { livePeer: () => Promise.resolve(live) },
      graceMs: 60_000,
    });
    const change = result("TicketClose", { ticket: "T", state: "closed", ok: true });
    for (let index = 0; index < 100; index++) role.hook.postTool!(change);
    gate.resolve();
  }
  assertEquals(told.length, 32);
});

Deno.test("OrchestratorRole never makes a turn wait, and ends in time", async () => {
  const asked: AbortSignal[] = [];
  const peers: PeersPort = {
    livePeer: (_name, options) =>
      new Promise((_resolve, reject) => {
        asked.push(options!.signal!);
        options!.signal!.addEventListener("abort", () => reject(options!.signal!.reason));
      }),
  };
  const role = new OrchestratorRole({
    store: { show: () => Promise.reject(new Error("unused")) },
    ticketFolder: ".yoi/tickets",
    companion: "garden",
    peers,
    graceMs: 0,
  });
  const change = result("TicketClose", { ticket: "T", state: "closed", ok: true });
  for (let index = 0; index < 100; index++) assertEquals(role.hook.postTool!(change), undefined);
  await role[Symbol.asyncDispose]();
  assertEquals(asked.length, 1);
  assert(asked[0]!.aborted);
  await role[Symbol.asyncDispose]();
});

Deno.test("OrchestratorRole swallows what keeps a notice from its companion, not its own mistakes", async () => {
  const disposed = async (failure: Error) => {
    await using role = new OrchestratorRole({
      store: { show: () => Promise.reject(new Error("unused")) },
      ticketFolder: ".yoi/tickets",
      companion: "garden",
      peers: { livePeer: () => Promise.reject(failure) },
    });
    role.hook.postTool!(result("TicketClose", { ticket: "T", state: "closed", ok: true }));
  };
  await disposed(new Deno.errors.ConnectionRefused("gone"));
  await assertRejects(() => disposed(new TypeError("mistake")), TypeError, "mistake");
});
