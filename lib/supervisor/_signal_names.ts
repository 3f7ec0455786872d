/** The signals that the runtime can send. @module */

/** Known on every system that has process groups. */
const COMMON = [
  ..."ABRT ALRM BUS CHLD CONT FPE HUP ILL INT IO KILL PIPE PROF QUIT SEGV STOP SYS TERM".split(" "),
  ..."TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ".split(" "),
];

/** Known on one system only. */
const SPECIAL: Readonly<Record<string, readonly string[]>> = {
  linux: ["POLL", "PWR", "STKFLT", "UNUSED"],
  darwin: ["EMT", "INFO"],
};

/** Whether this is the name of a signal of this system, as in `SIGTERM`. */
export function isSignalName(name: string): name is Deno.Signal {
  if (!name.startsWith("SIG")) return false;
  const word = name.slice("SIG".length);
  return COMMON.includes(word) || SPECIAL[Deno.build.os]?.includes(word) === true;
}
