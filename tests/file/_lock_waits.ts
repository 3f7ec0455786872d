/** @module */

import { stub } from "./_stub.ts";

/**
 * Collects the system's waits for locks, which cannot be taken back: they go on when ours is over,
 * and a test has to let them end before it does.
 */
export function collectWaits(): Disposable & { waits: Promise<void>[] } {
  const waits: Promise<void>[] = [];
  const real = Deno.FsFile.prototype.lock;
  const stubbed = stub(Deno.FsFile.prototype, "lock", function (this: Deno.FsFile, exclusive) {
    const wait = real.call(this, exclusive);
    waits.push(wait);
    return wait;
  });
  return { waits, [Symbol.dispose]: () => stubbed[Symbol.dispose]() };
}
