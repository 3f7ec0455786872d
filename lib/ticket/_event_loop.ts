/** @module */

/**
 * Lets everything else that is due run once: a long synchronous reading would freeze the Pod in
 * which it happens. A message, since timers wait two milliseconds and more.
 */
export async function nextTurn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const turn = Promise.withResolvers<void>();
  port1.onmessage = () => turn.resolve();
  port2.postMessage(null);
  await turn.promise;
  port1.close();
  port2.close();
}
