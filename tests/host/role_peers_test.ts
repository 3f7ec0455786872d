import { assert, assertEquals } from "@std/assert";
import { locksDir, podsRoot } from "../../lib/config/paths.ts";
import { PodStore } from "../../lib/fleet/pod_store.ts";
import { RecordedPeers } from "../../lib/host/role_peers.ts";
import { readUntil, TicketHome } from "./_ticket_home.ts";

function peersOf(home: TicketHome): { store: PodStore; peers: RecordedPeers } {
  const { data, runtime } = home.paths;
  const store = new PodStore({ root: podsRoot(data), locks: locksDir(runtime) });
  return { store, peers: new RecordedPeers({ store, runtimeRoot: runtime, podName: "agent" }) };
}

Deno.test("RecordedPeers.livePeer() finds a live Pod that the record names as a peer", async () => {
  await using home = await TicketHome.make();
  const { store, peers } = peersOf(home);
  await using pod = await home.start({ name: "garden" });
  assertEquals(await peers.livePeer("garden"), undefined);
  await store.update("agent", (record) => ({ ...record, peers: [{ pod_name: "garden" }] }));
  const peer = await peers.livePeer("garden");
  assert(peer);
  await peer.notify("for your information", { autoRun: false });
  // The weak one started nothing; the strong one brings both into the history.
  assertEquals(pod.status, "idle");
  const events = pod.subscribe();
  await peer.notify("wake up", { autoRun: true });
  const seen = await readUntil(
    events,
    (event) => event.event === "status" && event.data.status === "idle",
  );
  const text = JSON.stringify(seen);
  assert(text.indexOf("for your information") < text.indexOf("wake up"));
  assert(text.includes("for your information"));
});

Deno.test("RecordedPeers.livePeer() finds neither children nor the dead nor strangers", async () => {
  await using home = await TicketHome.make();
  const { store, peers } = peersOf(home);
  await store.update("agent", (record) => ({ ...record, peers: [{ pod_name: "garden" }] }));
  assertEquals(await peers.livePeer("garden"), undefined);
  await using _pod = await home.start({ name: "garden" });
  assert(await peers.livePeer("garden"));
  assertEquals(await peers.livePeer("other"), undefined);
  const child = { pod_name: "garden", socket_path: "", scope_delegated: [], callback_address: "" };
  await store.update("agent", (record) => ({ ...record, spawned_children: [child] }));
  assertEquals(await peers.livePeer("garden"), undefined);
});
