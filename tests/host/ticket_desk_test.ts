import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startPod } from "../../lib/host/start_pod.ts";
import type { PodHandle } from "../../lib/pod/mod.ts";
import { answering, ask, calling, LIFECYCLE, TicketHome, ticketToolsOf } from "./_ticket_home.ts";

async function alertsOf(pod: PodHandle): Promise<string[]> {
  const alerts: string[] = [];
  for await (const event of pod.subscribe()) {
    if (event.event === "alert") alerts.push(event.data.message);
    if (event.event === "snapshot") break;
  }
  return alerts;
}

Deno.test("startPod() offers ticket tools when the manifest enables them", async () => {
  await using home = await TicketHome.make();
  {
    await using pod = await home.start();
    assertEquals((await ticketToolsOf(pod)).length, 16);
    assertEquals(await alertsOf(pod), []);
  }
  {
    await using pod = await home.start({
      name: "reader",
      tickets: { ...LIFECYCLE, access: "read_only" },
    });
    const tools = await ticketToolsOf(pod);
    assert(tools.includes("TicketShow") && !tools.includes("TicketClose"));
  }
  await using pod = await home.start({ name: "plain", tickets: null });
  assertEquals(await ticketToolsOf(pod), []);
});

Deno.test("startPod() keeps ticket tools and role with the Pod, and takes them away when asked to", async () => {
  await using home = await TicketHome.make();
  const { paths } = home;
  {
    await using _pod = await home.start({ role: "reviewer" });
  }
  const stored = async () => {
    const path = `${paths.data}/pods/agent/metadata.json`;
    return JSON.parse(await Deno.readTextFile(path)).resolved_manifest_snapshot;
  };
  assertEquals((await stored()).feature, {
    ticket: { enabled: true, access: "lifecycle" },
    ticket_orchestration: { enabled: true },
  });
  {
    await using pod = await startPod({ name: "agent" }, { paths });
    assertEquals((await ticketToolsOf(pod)).length, 16);
    assertEquals((await stored()).pod.ticket_role, "reviewer");
    const manifest = await Deno.readTextFile(`${pod.runtimeDir}/manifest.toml`);
    assertStringIncludes(manifest, "[feature.ticket]");
    assertStringIncludes(manifest, 'access = "lifecycle"');
  }
  await using pod = await startPod({ name: "agent", tickets: null, ticketRole: null }, { paths });
  assertEquals(await ticketToolsOf(pod), []);
  const { feature, pod: { ticket_role: role } } = await stored();
  assertEquals([feature, role], [undefined, undefined]);
});

Deno.test("startPod() starts without ticket tools and says so when the workspace has no usable tickets", async () => {
  {
    await using home = await TicketHome.make("[backend]\ncolour = 'red'\n");
    await using pod = await home.start();
    assertEquals(await ticketToolsOf(pod), []);
    const [alert = ""] = await alertsOf(pod);
    assertStringIncludes(alert, "ticket.config.toml");
  }
  {
    await using home = await TicketHome.make(null);
    await Deno.remove(`${home.cwd}/.yoi`, { recursive: true });
    await using pod = await home.start();
    assertEquals(await ticketToolsOf(pod), []);
    const [alert = ""] = await alertsOf(pod);
    assertStringIncludes(alert, "yoi ticket init");
  }
  await using home = await TicketHome.make("[backend]\nroot = 'notes'\n");
  await Deno.writeTextFile(`${home.cwd}/notes`, "");
  await using pod = await home.start();
  assertEquals(await ticketToolsOf(pod), []);
  assertStringIncludes((await alertsOf(pod))[0] ?? "", "is not a folder");
});

Deno.test("startPod() finds the ticket root and the language in the configuration", async () => {
  const config = "[backend]\nroot = 'notes'\n[ticket]\nlanguage = 'Japanese'\n";
  await using home = await TicketHome.make(config);
  await Deno.mkdir(`${home.cwd}/notes`);
  const calls = [calling(["TicketCreate", { title: "Cache the index" }]), answering()];
  await using pod = await home.start({ calls });
  await ask(pod);
  const entries = await Array.fromAsync(Deno.readDir(`${home.cwd}/notes`));
  const folder = entries.find(({ isDirectory, name }) => isDirectory && !name.startsWith("."));
  const item = await Deno.readTextFile(`${home.cwd}/notes/${folder?.name}/item.md`);
  assertStringIncludes(item, "## 背景");
});
