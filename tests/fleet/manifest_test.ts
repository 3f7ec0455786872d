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

Deno.test("decodeManifest() leaves out what it cannot read", () => {
  assertEquals(decodeManifest(undefined), {});
  assertEquals(
    decodeManifest({ pod: 3, model: { ref: 4 }, scope: { allow: [{ target: 1 }] } }),
    {},
  );
});
