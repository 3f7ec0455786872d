import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { FleetError } from "../../lib/fleet/fleet_error.ts";
import { PodStore } from "../../lib/fleet/pod_store.ts";

async function inStore(work: (store: PodStore, root: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "yoi-" });
  try {
    await work(new PodStore({ root: `${root}/pods`, locks: `${root}/run/locks` }), root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("PodStore.update() keeps what it does not know", async () => {
  await inStore(async (store, root) => {
    await Deno.mkdir(`${root}/pods/agent`, { recursive: true });
    await Deno.writeTextFile(
      `${root}/pods/agent/metadata.json`,
      JSON.stringify({
        pod_name: "agent",
        future: { x: [1] },
        active: { session_id: "s", new: 1 },
      }),
    );
    await store.update("agent", (record) => ({ ...record, peers: [{ pod_name: "b" }] }));
    const text = await Deno.readTextFile(`${root}/pods/agent/metadata.json`);
    assertEquals(JSON.parse(text), {
      pod_name: "agent",
      future: { x: [1] },
      active: { session_id: "s", new: 1 },
      peers: [{ pod_name: "b" }],
    });
  });
});

Deno.test("PodStore.update() leaves empty lists and nothing out", async () => {
  await inStore(async (store, root) => {
    await store.update("agent", (record) => ({ ...record, peers: [], spawned_children: [] }));
    const text = await Deno.readTextFile(`${root}/pods/agent/metadata.json`);
    assertEquals(JSON.parse(text), { pod_name: "agent" });
  });
});

Deno.test("PodStore.update() loses nothing when many change one record", async () => {
  await inStore(async (store) => {
    const changes = Array.from({ length: 40 }, (_, index) =>
      store.update("agent", (record) => ({
        ...record,
        peers: [...record.peers ?? [], { pod_name: `peer-${index}` }],
      })));
    await Promise.all(changes);
    assertEquals((await store.read("agent"))?.peers?.length, 40);
  });
});

Deno.test("PodStore never writes over a record it cannot read", async () => {
  await inStore(async (store, root) => {
    await Deno.mkdir(`${root}/pods/agent`, { recursive: true });
    const path = `${root}/pods/agent/metadata.json`;
    for (const text of ['{"pod_name":"agent"', '{"pod_name":"other"}', "[]", '{"active":3}']) {
      await Deno.writeTextFile(path, text);
      const error = await assertRejects(() => store.update("agent", (old) => old), FleetError);
      assertEquals(error.code, "corrupt");
      assertStringIncludes(error.message, path);
      assertEquals(await Deno.readTextFile(path), text);
    }
  });
});

Deno.test("PodStore.names() lists folders with a record, sorted", async () => {
  await inStore(async (store, root) => {
    assertEquals(await store.names(), []);
    for (const name of ["b", "a", "with space"]) await store.update(name, (record) => record);
    await Deno.mkdir(`${root}/pods/empty`);
    await Deno.writeTextFile(`${root}/pods/file`, "");
    assertEquals(await store.names(), ["a", "b", "with space"]);
    assertEquals(await store.read("nobody"), undefined);
  });
});

Deno.test("PodStore refuses names that lead elsewhere", async () => {
  await inStore(async (store) => {
    for (const name of ["../x", "", "..", "a/b"]) {
      await assertRejects(() => store.read(name));
      await assertRejects(() => store.update(name, (record) => record));
    }
  });
});
