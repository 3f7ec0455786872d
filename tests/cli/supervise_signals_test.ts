import { assertEquals } from "@std/assert";
import { type SuperviseSignal, SuperviseSignals } from "../../lib/cli/supervise_signals.ts";

Deno.test("SuperviseSignals keeps what comes before anybody listens", async () => {
  using signals = new SuperviseSignals();
  Deno.kill(Deno.pid, "SIGHUP");
  // A signal that is heard by another listener as well has come.
  await heard("SIGUSR2");
  const acted: SuperviseSignal[] = [];
  signals.listen((signal) => acted.push(signal));
  assertEquals(acted.toSorted(), ["SIGHUP", "SIGUSR2"]);
  await heard("SIGHUP");
  assertEquals(acted.at(-1), "SIGHUP");
  assertEquals(acted.length, 3);
});

/** Sends a signal to this process and waits until it has come. */
async function heard(signal: Deno.Signal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  // Listening alone keeps no process running.
  const running = setTimeout(() => {}, 60_000);
  Deno.addSignalListener(signal, resolve);
  Deno.kill(Deno.pid, signal);
  await promise;
  Deno.removeSignalListener(signal, resolve);
  clearTimeout(running);
}
