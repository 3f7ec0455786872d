import { assertEquals, assertThrows } from "@std/assert";
import { runCommand } from "../../lib/process/run_command.ts";
import { SignalListener } from "../../lib/process/signals.ts";
import { until } from "./_system.ts";

async function send(...signals: string[]): Promise<void> {
  for (const signal of signals) {
    await runCommand({ command: ["kill", `-${signal}`, `${Deno.pid}`] });
  }
}

Deno.test("SignalListener hears its signals until it is disposed", async () => {
  const heard: Deno.Signal[] = [];
  const outer = new SignalListener(["SIGUSR2", "SIGWINCH"], (signal) => heard.push(signal));
  const inner: Deno.Signal[] = [];
  {
    using _listener = new SignalListener(["SIGUSR2", "SIGUSR2"], (signal) => inner.push(signal));
    await send("USR2");
    await until(() => heard.length === 1 && inner.length === 1);
  }
  await send("USR2");
  await until(() => heard.length === 2);
  await send("WINCH");
  await until(() => heard.length === 3);
  outer[Symbol.dispose]();
  outer[Symbol.dispose]();
  assertEquals(heard, ["SIGUSR2", "SIGUSR2", "SIGWINCH"]);
  assertEquals(inner, ["SIGUSR2"]);
});

Deno.test("SignalListener listens for all of its signals or for none", () => {
  const bad = "SIGNOSUCH" as Deno.Signal;
  assertThrows(() => new SignalListener(["SIGUSR2", bad], () => undefined), TypeError);
});
