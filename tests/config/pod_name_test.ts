import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ConfigError } from "../../lib/config/config_error.ts";
import {
  checkPodName,
  checkSocketPath,
  defaultPodName,
  MAX_POD_NAME_BYTES,
} from "../../lib/config/pod_name.ts";

Deno.test("checkPodName() takes what the stores take", () => {
  const names = [
    "agent",
    "a",
    "...",
    "名前",
    "with space",
    "-x",
    ".hidden",
    "x".repeat(200),
    "é😀",
  ];
  for (const name of names) checkPodName(name);
});

Deno.test("checkPodName() refuses what cannot be a name, with a reason", () => {
  const names = ["", ".", "..", "a/b", "/", "a\0b", "a\nb", "\x1b[31m", "a\tb", "\x7f", "\x85"];
  names.push("a\u2028b", "\ud800", "x".repeat(MAX_POD_NAME_BYTES + 1), "é".repeat(101));
  names.push("locks", "pods.json", "pods.json.bak");
  for (const name of names) {
    const error = assertThrows(() => checkPodName(name), ConfigError, "Cannot name a Pod");
    assertEquals(error.code, "bad_pod_name");
    // The message goes to a terminal: nothing of the name may act there.
    assertEquals(/[\p{Cc}]/u.test(error.message), false);
  }
});

Deno.test("defaultPodName() makes a name of the workspace's last component", () => {
  assertEquals(defaultPodName("/home/me/app"), "app");
  assertEquals(defaultPodName("/home/me/app/"), "app");
  assertEquals(defaultPodName("/home/me/my app!"), "my-app-");
  assertEquals(defaultPodName("/home/me/v1.2_x-y"), "v1.2_x-y");
  assertEquals(defaultPodName("/home/me/😀a"), "-a");
  for (const path of ["/", "", "/..", "/---", "/名前", "/locks", `/${"x".repeat(300)}`]) {
    assertEquals(defaultPodName(path), "workspace");
  }
});

Deno.test("checkSocketPath() allows 107 bytes and names limit, path and remedy beyond", () => {
  checkSocketPath(`/${"x".repeat(106)}`);
  for (const path of [`/${"x".repeat(107)}`, `/${"é".repeat(54)}`]) {
    const error = assertThrows(() => checkSocketPath(path), ConfigError, path);
    assertEquals(error.code, "socket_path_too_long");
    assertStringIncludes(error.message, "107");
    assertStringIncludes(error.message, "YOI_RUNTIME_DIR");
  }
});

Deno.test("checkSocketPath() knows the limit of the system", async () => {
  const folder = await Deno.makeTempDir();
  const path = (length: number) => `${folder}/${"x".repeat(length - folder.length - 1)}`;
  Deno.listen({ transport: "unix", path: path(107) }).close();
  checkSocketPath(path(107));
  assertThrows(() => Deno.listen({ transport: "unix", path: path(108) }));
  assertThrows(() => checkSocketPath(path(108)), ConfigError);
  await Deno.remove(folder, { recursive: true });
});
