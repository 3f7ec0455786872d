/**
 * What the program ends with.
 *
 * Source: decision 21.
 *
 * @module
 */

/** Every exit code of the program. */
export const EXIT = {
  /** Done; also a Pod in the foreground that a signal stopped in order. */
  done: 0,
  /** What was asked for failed. */
  failed: 1,
  /** The command line says something that cannot be meant. */
  usage: 2,
  /** Not possible on this machine. */
  unavailable: 3,
  /** A fault of the program itself. */
  fault: 70,
  /** The configuration cannot be used. */
  configuration: 78,
  /** SIGINT ended a client's verb, or came twice. */
  interrupted: 130,
  /** Nobody reads the output any more; what a shell shows for SIGPIPE. */
  outputClosed: 141,
  /** SIGTERM ended a client's verb, or came twice. */
  terminated: 143,
} as const;

/** One of {@linkcode EXIT}. */
export type ExitCode = typeof EXIT[keyof typeof EXIT];

/** Exit code of a process that a signal ended, as a shell shows it; SIGHUP counts as SIGTERM. */
export function exitCodeOf(signal: Deno.Signal): ExitCode {
  return signal === "SIGINT" ? EXIT.interrupted : EXIT.terminated;
}
