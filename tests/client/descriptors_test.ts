import { assertEquals, assertLess } from "@std/assert";

/** The runtime opens a pair of sockets for itself half a second after its start. */
const OF_THE_RUNTIME = 2;

/** Starts a script of this folder; what it prints comes as text. */
function start(script: string, ...args: string[]) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL(script, import.meta.url).pathname, ...args],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const input = child.stdin.getWriter();
  return {
    async print(): Promise<string | undefined> {
      return (await output.read()).value;
    },
    write: (text: string) => input.write(new TextEncoder().encode(text)),
    async [Symbol.asyncDispose]() {
      await input.close();
      await child.status;
      await output.cancel();
    },
  };
}

async function countAfter(...args: string[]): Promise<void> {
  await using clients = start("_many_clients.ts", ...args);
  const { before, after } = JSON.parse(await clients.print() ?? "{}");
  assertLess(after - before, OF_THE_RUNTIME + 1);
}

Deno.test("PodClient: 10,000 clients leave no socket on either side, in one process", async () => {
  await countAfter("client", "10000");
});

Deno.test("probePod(): 1,000 probes leave no socket on either side (seed 001)", async () => {
  await countAfter("probe", "1000");
});

Deno.test("PodClient: 10,000 clients of a Pod that never writes leave it no socket", async () => {
  const folder = await Deno.makeTempDir({ prefix: "pod" });
  {
    await using pod = start("_silent_server.ts", `${folder}/sock`);
    assertEquals(await pod.print(), "ready\n");
    await pod.write("0\n");
    const before = Number(await pod.print());
    await countAfter("client", "10000", `${folder}/sock`);
    await pod.write("10001\n");
    assertLess(Number(await pod.print()) - before, OF_THE_RUNTIME + 1);
  }
  await Deno.remove(folder, { recursive: true });
});
