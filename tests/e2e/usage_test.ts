import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Home } from "./_program.ts";

Deno.test("yoi: what cannot be meant ends with 2 and names what was", async () => {
  await using home = await Home.create();
  const lines: [string[], RegExp][] = [
    [[], /^yoi: Pods you can start/],
    [["lisst"], /^yoi: There is no verb "lisst"; did you mean "list"\?\n$/],
    [["pod", "strat"], /did you mean "pod start"/],
    [["list", "--jsn"], /no flag "--jsn"; did you mean "--json"\?\nusage: yoi list/],
    [["run", "demo"], /TEXT is missing/],
    [["stop", "one", "two"], /unexpected argument "two"/],
    [["run", "demo", "-"], /stdin holds no text/],
    [["run", "demo", "x", "--timeout", "soon"], /it takes a number above 0/],
    [["run", "a/b", "x"], /Cannot name a Pod "a\/b"/],
    [["completions", "tcsh"], /there are bash, zsh, fish/],
  ];
  for (const [words, reason] of lines) {
    const { code, stdout, stderr } = await home.run(words);
    assertEquals([code, stdout], [2, ""], words.join(" "));
    assertMatch(stderr, reason);
  }
});

Deno.test("yoi: a configuration that cannot be used ends with 78", async () => {
  await using home = await Home.create();
  const lines: [string[], Record<string, string>, RegExp][] = [
    [["list"], { YOI_HOME: "", XDG_RUNTIME_DIR: "", HOME: "" }, /Cannot find the .* folder/],
    [["pod", "start", "demo", "--cwd", "/nowhere"], {}, /Cannot work in "\/nowhere"/],
    [["pod", "start", "demo"], { YOI_MODEL: "nonsense" }, /Cannot open model "nonsense"/],
    [["pod", "start", "demo"], { YOI_RUNTIME_DIR: `/tmp/${"x".repeat(120)}` }, /107/],
  ];
  for (const [words, env, reason] of lines) {
    const { code, stderr } = await home.run(words, { env });
    assertMatch(stderr, reason);
    assertEquals(code, 78, words.join(" "));
  }
});

Deno.test("yoi: version, help, and the stack that YOI_DEBUG shows", async () => {
  await using home = await Home.create();
  assertMatch((await home.run(["--version"])).stdout, /^yoi \d+\.\d+\.\d+\n$/);
  assertEquals((await home.run(["help"])).stdout, (await home.run(["--help"])).stdout);
  const help = await home.run(["help", "pod", "start"]);
  assertEquals(help, await home.run(["pod", "start", "--help"]));
  assertMatch(help.stdout, /^yoi pod start NAME \[flags\]\n/);
  const debug = await home.run(["stop", "demo"], { env: { YOI_DEBUG: "1" } });
  assertStringIncludes(debug.stderr, "ClientError: Cannot connect");
});

Deno.test("yoi completions: the scripts are ones their shells can read", async () => {
  await using home = await Home.create();
  for (const shell of ["bash", "zsh", "fish"]) {
    const path = await home.write(shell, (await home.run(["completions", shell])).stdout);
    const command = new Deno.Command(shell, { args: ["-n", path], stderr: "piped" });
    try {
      const { code, stderr } = await command.output();
      assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound) || shell === "bash") throw error;
    }
  }
});

Deno.test("yoi __complete: names the Pods there are", async () => {
  await using home = await Home.create();
  await home.run(["run", "demo", "hello"]);
  assertEquals((await home.run(["__complete", "--", "attach", ""])).stdout, "demo\tPod\n");
  assertStringIncludes((await home.run(["__complete", "--", "re"])).stdout, "resume\t");
});
