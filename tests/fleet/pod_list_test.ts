import { assertEquals } from "@std/assert";
import { type LivePod, PodList, type StoredPod } from "../../lib/fleet/pod_list.ts";

function stored(name: string, more: Partial<StoredPod> = {}): StoredPod {
  return {
    name,
    sessionId: "session",
    segmentId: "segment",
    hasLog: true,
    updatedAt: 100,
    preview: "user: hi",
    ...more,
  };
}

function live(name: string, more: Partial<LivePod> = {}): LivePod {
  return {
    name,
    socketPath: `/run/yoi/${name}/sock`,
    reachable: true,
    status: "idle",
    ...more,
  };
}

Deno.test("PodList: a live pending Pod comes first and never loses its place", () => {
  const old = Array.from(
    { length: 10 },
    (_, index) => stored(`old-${index}`, { updatedAt: index }),
  );
  const pending: StoredPod = { name: "fresh", sessionId: "session", updatedAt: 0 };
  const { rows } = PodList.from({ stored: [...old, pending], live: [live("fresh")] });
  assertEquals(rows[0], {
    name: "fresh",
    state: "idle",
    model: null,
    cwd: null,
    socket: "/run/yoi/fresh/sock",
    updatedAt: null,
    preview: "[live, pending segment]",
    attachable: true,
    restorable: false,
  });
  assertEquals(rows[1]?.name, "old-9");
});

Deno.test("PodList: attach and restore are separate", () => {
  const table: [StoredPod | undefined, LivePod | undefined, string, boolean, boolean][] = [
    [stored("a"), live("a", { status: "running" }), "running", true, false],
    [stored("a"), live("a", { status: "paused" }), "paused", true, false],
    [undefined, live("a"), "idle", true, false],
    [stored("a"), undefined, "stopped", false, true],
    [stored("a"), live("a", { reachable: false }), "stopped", false, true],
    [undefined, live("a", { reachable: false }), "unreachable", false, false],
    [
      stored("a", { hasLog: false, preview: "[corrupt segment]" }),
      undefined,
      "stopped",
      false,
      false,
    ],
    [{ name: "a", updatedAt: 0, sessionId: "session" }, undefined, "stopped", false, false],
    [{ name: "a", updatedAt: 0, corrupt: "bad" }, undefined, "corrupt", false, false],
    [{ name: "a", updatedAt: 0, corrupt: "bad" }, live("a"), "idle", true, false],
  ];
  for (const [storedPod, livePod, state, attachable, restorable] of table) {
    const { rows } = PodList.from({
      stored: storedPod ? [storedPod] : [],
      live: livePod ? [livePod] : [],
    });
    assertEquals(rows.length, 1);
    const row = rows[0]!;
    assertEquals([row.state, row.attachable, row.restorable], [state, attachable, restorable]);
    assertEquals(row.socket === null, !attachable);
  }
});

Deno.test("PodList: newer first, then by name; an unreachable row gets no bonus", () => {
  const { rows } = PodList.from({
    stored: [stored("b"), stored("a"), stored("new", { updatedAt: 200 }), stored("gone")],
    live: [live("gone", { reachable: false })],
  });
  assertEquals(rows.map((row) => row.name), ["new", "a", "b", "gone"]);
});

Deno.test("PodList: a record that cannot be read says why", () => {
  const { rows } = PodList.from({
    stored: [{ name: "a", updatedAt: 0, corrupt: "no JSON" }],
    live: [],
  });
  assertEquals(rows[0]?.preview, "metadata: no JSON");
});
