import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ConfigError } from "../../lib/config/config_error.ts";
import {
  checkPodName,
  checkSocketPath,
  defaultPodName,
  locksDir,
  MAX_POD_NAME_BYTES,
  podRuntimeDir,
  podSocketPath,
  podsRoot,
  resolveDataDir,
  resolvePaths,
  sessionsRoot,
} from "../../lib/config/paths.ts";

/** The table of section G: per folder the variables in order, and what lies below each. */
const TABLE = {
  config: [["YOI_CONFIG_DIR", ""], ["YOI_HOME", "/config"], ["XDG_CONFIG_HOME", "/yoi"], [
    "HOME",
    "/.config/yoi",
  ]],
  data: [["YOI_DATA_DIR", ""], ["YOI_HOME", ""], ["HOME", "/.yoi"]],
  runtime: [["YOI_RUNTIME_DIR", ""], ["YOI_HOME", "/run"], ["XDG_RUNTIME_DIR", "/yoi"], [
    "HOME",
    "/.yoi/run",
  ]],
} as const;

const VARIABLES = [
  "YOI_CONFIG_DIR",
  "YOI_DATA_DIR",
  "YOI_RUNTIME_DIR",
  "YOI_HOME",
  "XDG_CONFIG_HOME",
  "XDG_RUNTIME_DIR",
  "HOME",
];

Deno.test("resolvePaths() follows the table for every combination of set, empty and unset", () => {
  for (let bits = 0; bits < 1 << VARIABLES.length; bits++) {
    for (const absent of [undefined, ""]) {
      const env = (name: string) =>
        bits & (1 << VARIABLES.indexOf(name)) ? `/${name.toLowerCase()}` : absent;
      const expected = Object.fromEntries(
        Object.entries(TABLE).map(([base, rows]) => {
          const row = rows.find(([name]) => env(name));
          return [base, row && `${env(row[0])}${row[1]}`];
        }),
      );
      if (Object.values(expected).every((path) => path !== undefined)) {
        assertEquals({ ...resolvePaths(env) }, expected);
      } else {
        assertThrows(() => resolvePaths(env), ConfigError);
      }
    }
  }
});

Deno.test("resolvePaths() names the variables when none is set", () => {
  const error = assertThrows(() => resolveDataDir(() => undefined), ConfigError);
  assertEquals(error.code, "no_directory");
  assertStringIncludes(error.message, "YOI_DATA_DIR, YOI_HOME, HOME");
});

Deno.test("the paths below the base folders", () => {
  assertEquals(sessionsRoot("/d"), "/d/sessions");
  assertEquals(podsRoot("/d"), "/d/pods");
  assertEquals(locksDir("/r"), "/r/locks");
  assertEquals(podRuntimeDir("/r", "agent"), "/r/agent");
  assertEquals(podSocketPath("/r", "agent"), "/r/agent/sock");
});

Deno.test("podSocketPath() lets no name lead out of the runtime folder", () => {
  for (const name of ["..", ".", "", "../x", "a/b"]) {
    assertThrows(() => podSocketPath("/r", name), ConfigError);
  }
});

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
