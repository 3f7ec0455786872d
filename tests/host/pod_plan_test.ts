import { assertEquals } from "@std/assert";
import { decodeManifest, encodeManifest } from "../../lib/fleet/manifest.ts";
import { planPod, type PodRequest } from "../../lib/host/pod_plan.ts";
import type { ScopeRule } from "../../lib/protocol/scope_rule.ts";

const DEFAULTS = { model: "builtin:offline", cwd: "/srv/here" };
const RULE: ScopeRule = { target: "/srv/app/src", permission: "read", recursive: true };
const RECORD = {
  pod_name: "agent",
  resolved_manifest_snapshot: encodeManifest({
    name: "agent",
    model: "script:/srv/a.jsonl",
    cwd: "/srv/app",
    allow: [RULE],
    deny: [],
  }),
  callback_address: "/run/parent/sock",
};

Deno.test("planPod() takes the defaults for a new Pod, with the working directory for writing", () => {
  assertEquals(planPod({ name: "agent" }, undefined, DEFAULTS), {
    manifest: {
      name: "agent",
      model: "builtin:offline",
      cwd: "/srv/here",
      allow: [{ target: "/srv/here", permission: "write", recursive: true }],
      deny: [],
    },
  });
});

Deno.test("planPod() starts a stored Pod as it was, parent included (W38)", () => {
  const plan = planPod({ name: "agent" }, RECORD, DEFAULTS);
  assertEquals(plan.manifest.model, "script:/srv/a.jsonl");
  assertEquals(plan.manifest.cwd, "/srv/app");
  assertEquals(plan.manifest.allow, [RULE]);
  assertEquals(plan.callback, "/run/parent/sock");
});

Deno.test("planPod() lets what is asked for win, and drops the scope of another folder", () => {
  const elsewhere = planPod({ name: "agent", cwd: "/srv/other" }, RECORD, DEFAULTS);
  assertEquals(elsewhere.manifest.allow, [
    { target: "/srv/other", permission: "write", recursive: true },
  ]);
  const rules = [{ ...RULE, target: "/tmp" }];
  const asked = planPod({ name: "agent", scope: rules, model: "m" }, RECORD, DEFAULTS);
  assertEquals(asked.manifest.allow, rules);
  assertEquals(asked.manifest.model, "m");
});

Deno.test("planPod() keeps ticket tools in their folder and the role everywhere, until told otherwise", () => {
  const tickets = { access: "lifecycle", base: true, orchestration: true } as const;
  const stored = decodeManifest(RECORD.resolved_manifest_snapshot);
  const snapshot = encodeManifest({
    name: "agent",
    model: "m",
    cwd: "/srv/app",
    allow: [],
    deny: [],
    ...stored,
    tickets,
    ticketRole: "intake",
  });
  const record = { ...RECORD, resolved_manifest_snapshot: snapshot };
  const planned = (request: Partial<PodRequest>) => {
    const { manifest } = planPod({ name: "agent", ...request }, record, DEFAULTS);
    return [manifest.tickets, manifest.ticketRole];
  };
  assertEquals(planned({}), [tickets, "intake"]);
  assertEquals(planned({ cwd: "/srv/other" }), [undefined, "intake"]);
  assertEquals(planned({ tickets: null, ticketRole: null }), [undefined, undefined]);
  const reading = { ...tickets, access: "read_only" } as const;
  assertEquals(planned({ tickets: reading, ticketRole: "coder" }), [reading, "coder"]);
});
