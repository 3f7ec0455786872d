import { assertEquals } from "@std/assert";
import { decodeManifest, encodeManifest, type PodManifest } from "../../lib/fleet/manifest.ts";

Deno.test("decodeManifest() reads what encodeManifest() wrote", () => {
  for (const model of ["builtin:offline", "script:/srv/a:b.jsonl", "anthropic:claude"]) {
    const manifest: PodManifest = {
      name: "agent",
      model,
      cwd: "/srv/app",
      allow: [{ target: "/srv/app", permission: "write", recursive: true }],
      deny: [{ target: "/srv/app/secret", permission: "read", recursive: false }],
    };
    const { name: _name, ...rest } = manifest;
    assertEquals(decodeManifest(encodeManifest(manifest)), rest);
  }
});

const BARE: PodManifest = {
  name: "agent",
  model: "builtin:offline",
  cwd: "/srv/app",
  allow: [],
  deny: [],
};

Deno.test("decodeManifest() reads ticket tools and role as they were written", () => {
  for (const access of ["read_only", "lifecycle"] as const) {
    for (const [base, orchestration] of [[true, true], [true, false], [false, true]] as const) {
      const tickets = { access, base, orchestration };
      const encoded = encodeManifest({ ...BARE, tickets, ticketRole: "intake" });
      assertEquals(encoded.feature, {
        ticket: { enabled: base, access },
        ticket_orchestration: { enabled: orchestration },
      });
      const decoded = decodeManifest(encoded);
      assertEquals([decoded.tickets, decoded.ticketRole], [tickets, "intake"]);
    }
  }
  assertEquals("feature" in encodeManifest(BARE), false);
});

Deno.test("decodeManifest() opens no ticket tools that a manifest does not name", () => {
  const ticketsOf = (feature: unknown) => decodeManifest({ feature }).tickets;
  assertEquals(ticketsOf({ ticket: { enabled: true } }), {
    access: "lifecycle",
    base: true,
    orchestration: false,
  });
  assertEquals(ticketsOf({ ticket: { enabled: true, access: "everything" } }), undefined);
  assertEquals(ticketsOf({ ticket: { enabled: "yes" } }), undefined);
  assertEquals(ticketsOf({ ticket: { access: "lifecycle" } }), undefined);
  assertEquals(ticketsOf([]), undefined);
});

Deno.test("decodeManifest() leaves out what it cannot read", () => {
  assertEquals(decodeManifest(undefined), {});
  assertEquals(
    decodeManifest({ pod: 3, model: { ref: 4 }, scope: { allow: [{ target: 1 }] } }),
    {},
  );
});
