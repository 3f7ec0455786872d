/** What tests ask the system about this process and others. @module */

/**
 * Open descriptors of this process. A command counts them: the runtime's permissions do not let us.
 * It begins when we are done with starting it, so that its own pipes always count alike.
 */
export async function countDescriptors(): Promise<number> {
  const counter = new Deno.Command("sh", {
    args: ["-c", `read go; ls /proc/${Deno.pid}/fd`],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = counter.stdin.getWriter();
  await writer.write(new TextEncoder().encode("go\n"));
  const { stdout } = await counter.output();
  await writer.close();
  return new TextDecoder().decode(stdout).trim().split("\n").length;
}

/** Resolves once `condition` holds; for ends of processes that give no event. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!await condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Reads one line; what comes after it in the same chunk is lost. */
export async function readLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream.values({ preventCancel: true })) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes("\n")) break;
  }
  return text.slice(0, text.indexOf("\n"));
}

/** The words that run one of the little programs in `tests/programs`, with named permissions. */
export function testProgram(name: string, ...args: string[]): string[] {
  const url = new URL(`../programs/${name}`, import.meta.url);
  const flags = ["--no-prompt", "--allow-read", "--allow-write", "--allow-run", "--allow-env"];
  return [Deno.execPath(), "run", "--quiet", ...flags, url.href, ...args];
}
